import { defineMessages } from '../../i18n/messages.ts';

/** Words about charging a wallet and paying money out of it. */
export const movementMessages = defineMessages({
  en: {
    charge: 'Charge…',
    withdrawal: 'Pay out…',
    chargeLabel: 'Amount to charge',
    withdrawalLabel: 'Amount to pay out',
    choose: 'Enter an amount',
    chargeAsk: (amount: string) => `Charge ${amount}…`,
    withdrawalAsk: (amount: string) => `Pay out ${amount}…`,
    chargeTitle: (amount: string, user: string) => `Charge ${amount} to the wallet of ${user}?`,
    withdrawalTitle: (amount: string, user: string) =>
      `Pay ${amount} out of the wallet of ${user}?`,
    balance: (before: string, after: string) => `Balance ${before} → ${after}`,
    short: (balance: string) => `The wallet holds only ${balance}.`,
    chargeEffect: 'The customer can pay with it at once, and sees it in the wallet.',
    withdrawalEffect:
      'The wallet becomes smaller at once. Moa moves no money outside: pay it to the customer.',
    chargeAction: (amount: string) => `Charge ${amount}`,
    withdrawalAction: (amount: string) => `Pay out ${amount}`,
    chargeDone: (amount: string, balance: string) => `Charged ${amount}. Balance ${balance}.`,
    withdrawalDone: (amount: string, balance: string) => `Paid out ${amount}. Balance ${balance}.`,
    already: (amount: string) => `${amount} was booked already. Nothing was done twice.`,
    limit: (limit: string, balance: string, room: string) =>
      `A wallet holds at most ${limit}, and this one holds ${balance}: ${room} more fits.`,
    cancel: 'Cancel',
  },
  ko: {
    charge: '충전하기…',
    withdrawal: '출금하기…',
    chargeLabel: '충전할 금액',
    withdrawalLabel: '출금할 금액',
    choose: '금액을 넣어 주세요',
    chargeAsk: (amount: string) => `${amount} 충전하기…`,
    withdrawalAsk: (amount: string) => `${amount} 출금하기…`,
    chargeTitle: (amount: string, user: string) => `${user}님의 지갑에 ${amount}을 충전할까요?`,
    withdrawalTitle: (amount: string, user: string) =>
      `${user}님의 지갑에서 ${amount}을 출금할까요?`,
    balance: (before: string, after: string) => `잔액 ${before} → ${after}`,
    short: (balance: string) => `지갑에 ${balance}만 있어요.`,
    chargeEffect: '고객이 바로 쓸 수 있고, 지갑에서 볼 수 있어요.',
    withdrawalEffect:
      '지갑의 잔액이 바로 줄어요. 실제 송금은 하지 않으니 고객에게 따로 보내 주세요.',
    chargeAction: (amount: string) => `${amount} 충전하기`,
    withdrawalAction: (amount: string) => `${amount} 출금하기`,
    chargeDone: (amount: string, balance: string) =>
      `${amount} 충전했어요. 잔액은 ${balance}이에요.`,
    withdrawalDone: (amount: string, balance: string) =>
      `${amount} 출금했어요. 잔액은 ${balance}이에요.`,
    already: (amount: string) => `${amount}은 이미 처리했어요. 두 번 처리되지 않았어요.`,
    limit: (limit: string, balance: string, room: string) =>
      `지갑에는 ${limit}까지 담을 수 있고 지금 ${balance}이 있어서, ${room}만 더 담을 수 있어요.`,
    cancel: '닫기',
  },
});

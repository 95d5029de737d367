import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { MoneyInput } from '../../parts/money-input.tsx';
import { ProgressButton } from '../progress-button.tsx';
import { ChargedByShop, ChargeProblem } from '../wallet/charge-problem.tsx';
import type { Charging } from '../wallet/use-charge.ts';
import { checkoutMessages } from './messages.ts';
import type { Phase } from '../sending.ts';

interface PayButtonProps {
  readonly total: number;
  readonly currency: string;
  readonly phase: Phase;
  /** Whether the total rose since the shopper saw it: the press is a second consent. */
  readonly isRisen: boolean;
  readonly onPay: () => void;
}

/** The one button of the sheet, with the amount that it pays. */
export const PayButton = ({ total, currency, phase, isRisen, onPay }: PayButtonProps) => {
  const t = useMessages(checkoutMessages);
  const amount = useFormat().money(total, currency);
  return (
    <Stack gap="xs">
      <ProgressButton
        phase={phase}
        busy={t.paying}
        queued={t.queued}
        offline={t.offline}
        onClick={onPay}
      >
        {isRisen ? t.agree(amount) : t.pay(amount)}
      </ProgressButton>
      <Text size="xs" c="dimmed" ta="center">
        {t.hint}
      </Text>
    </Stack>
  );
};

const messages = defineMessages({
  en: {
    ask: (missing: string) => `Your balance is ${missing} short. Charge it and continue?`,
    amount: 'Amount to charge',
    least: (missing: string) => `At least ${missing}, or the balance is still too low.`,
    chargeAndPay: (amount: string, total: string) => `Charge ${amount} and pay ${total}`,
    charging: 'Charging…',
    queued: 'Many people are here. You are in the queue — you are charged only once.',
    offline: 'Waiting for the connection. You are charged only once.',
  },
  ko: {
    ask: (missing: string) => `잔액이 ${missing} 부족해요. 충전하고 이어서 결제할까요?`,
    amount: '충전할 금액',
    least: (missing: string) => `${missing} 이상 충전해야 결제할 수 있어요.`,
    chargeAndPay: (amount: string, total: string) => `${amount} 충전하고 ${total} 결제하기`,
    charging: '충전하고 있어요…',
    queued: '사람이 많아요. 순서를 기다리고 있어요 — 충전은 한 번만 돼요.',
    offline: '연결을 기다리고 있어요. 충전은 한 번만 돼요.',
  },
});

interface ChargeAndPayProps {
  readonly missing: number;
  readonly total: number;
  readonly currency: string;
  readonly charging: Charging;
  readonly onCharge: (amount: number) => void;
}

/** The missing amount, prefilled; one press charges it and then pays. */
export const ChargeAndPay = ({
  missing,
  total,
  currency,
  charging,
  onCharge,
}: ChargeAndPayProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  // What is missing may change while the sheet is open; what was typed stays.
  const [typed, setTyped] = useState<number | 'none'>();
  if (charging.isByShop) return <ChargedByShop />;
  const amount = typed === 'none' ? undefined : (typed ?? missing);
  const isEnough = amount !== undefined && amount >= missing;
  const submit = (): void => {
    if (isEnough && charging.phase === 'idle') onCharge(amount);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        <Text fw={500}>{t.ask(format.money(missing, currency))}</Text>
        <MoneyInput
          label={t.amount}
          value={amount}
          onChange={(next) => setTyped(next ?? 'none')}
          currency={currency}
          disabled={charging.phase !== 'idle'}
          error={isEnough ? undefined : t.least(format.money(missing, currency))}
        />
        <ChargeProblem charging={charging} currency={currency} onChoose={setTyped} />
        {charging.retry === undefined ? (
          <ProgressButton
            phase={charging.phase}
            busy={t.charging}
            queued={t.queued}
            offline={t.offline}
            disabled={!isEnough}
            onClick={submit}
          >
            {t.chargeAndPay(
              format.money(Math.max(amount ?? missing, missing), currency),
              format.money(total, currency),
            )}
          </ProgressButton>
        ) : null}
      </Stack>
    </form>
  );
};

import { defineMessages } from '../../../i18n/messages.ts';

/** The words of the check of a receipt. */
export const proofMessages = defineMessages({
  en: {
    check: 'Check the receipt',
    proven: 'The receipt is genuine',
    means:
      'The shop has signed that its log has this payment. It cannot change or remove the payment ' +
      'later without you being able to prove it with this receipt.',
    limit: 'A later refund is another record, which this receipt does not show.',
    order: 'Order number',
    total: 'Total',
    time: 'Paid',
    origin: 'Log and key name',
    size: 'Size of the log',
    events: (count: string, isOne: boolean) => (isOne ? '1 event' : `${count} events`),
    fingerprint: 'Fingerprint of the key (SHA-256)',
    key: 'Verifier key',
    trust: (time: string) =>
      `The key comes from this shop itself. This browser has kept it since ${time} and tells you ` +
      'when it changes. To rely on nobody, compare it with the key that the shop publishes elsewhere.',
    changed: 'The key of the log has changed',
    changedText: (time: string) =>
      `Since ${time} this browser has known another key. The shop may have replaced its key. Ask ` +
      'the shop before you trust this receipt.',
    known: 'The key known until now',
    save: 'Save the receipt file',
    later: 'With the file you can check the payment years later, without this shop:',
    rejected: 'This receipt is NOT genuine',
    rejectedText: 'Nothing was proven. Ask the shop.',
    not_a_receipt: 'What the shop has sent is not a receipt.',
    not_signed: 'The key of the log has not signed it.',
    not_included: 'The signed log does not have this payment.',
    not_a_payment: 'The record is not the payment of an order.',
    another_order: 'It is the receipt of another order or of another amount.',
    unreadable_key: 'The key of the log cannot be read.',
    missing: 'This browser cannot check the receipt here',
    web_crypto:
      'Browsers check signatures only on pages with HTTPS. Open the shop with https:// and try again.',
    ed25519: 'This browser does not know Ed25519 signatures. Try again with a newer browser.',
  },
  ko: {
    check: '영수증 확인하기',
    proven: '진짜 영수증이에요',
    means:
      '가게의 기록에 이 결제가 있다고 가게가 서명했어요. 나중에 가게가 이 결제를 바꾸거나 지우면 이 영수증으로 증명할 수 있어요.',
    limit: '나중에 한 환불은 따로 기록돼서 이 영수증에는 나오지 않아요.',
    order: '주문 번호',
    total: '합계',
    time: '결제한 시각',
    origin: '기록과 키의 이름',
    size: '기록의 크기',
    events: (count: string, _isOne: boolean) => `이벤트 ${count}개`,
    fingerprint: '키의 지문 (SHA-256)',
    key: '확인 키',
    trust: (time: string) =>
      `키는 이 가게가 직접 알려 준 거예요. 이 브라우저가 ${time}부터 기억하고 있고, 바뀌면 알려 드려요. ` +
      '누구도 믿지 않고 확인하려면 가게가 다른 곳에 공개한 키와 비교해 보세요.',
    changed: '기록의 키가 바뀌었어요',
    changedText: (time: string) =>
      `이 브라우저가 ${time}부터 알던 키와 달라요. 가게가 키를 교체했을 수도 있으니 믿기 전에 가게에 물어보세요.`,
    known: '지금까지 알던 키',
    save: '영수증 파일 저장하기',
    later: '파일이 있으면 몇 년 뒤에도 이 가게 없이 결제를 확인할 수 있어요.',
    rejected: '진짜 영수증이 아니에요',
    rejectedText: '아무것도 증명되지 않았어요. 가게에 물어보세요.',
    not_a_receipt: '가게가 보낸 것이 영수증이 아니에요.',
    not_signed: '기록의 키로 서명되지 않았어요.',
    not_included: '서명된 기록에 이 결제가 없어요.',
    not_a_payment: '주문을 결제한 기록이 아니에요.',
    another_order: '다른 주문이나 다른 금액의 영수증이에요.',
    unreadable_key: '기록의 키를 읽을 수 없어요.',
    missing: '여기서는 영수증을 확인할 수 없어요',
    web_crypto: '브라우저는 HTTPS 화면에서만 서명을 확인해요. https:// 주소로 열고 다시 해 주세요.',
    ed25519: '이 브라우저는 Ed25519 서명을 몰라요. 최신 브라우저에서 다시 해 주세요.',
  },
});

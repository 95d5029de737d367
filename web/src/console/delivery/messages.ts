import { defineMessages } from '../../i18n/messages.ts';

/** Words that several parts of the delivery desk use. */
export const deliveryMessages = defineMessages({
  en: {
    active: 'Active',
    paused: 'Paused',
    retrying: 'Trying again',
    delivered: 'Delivered',
    failed: 'Failed',
    refused: 'Refused',
    gone: 'Gone (410)',
    webhook: 'Webhook',
    nats: 'NATS',
    kafka: 'Kafka',
    events: (count: string, isOne: boolean) => `${count} ${isOne ? 'event' : 'events'}`,
    allTypes: 'All events',
  },
  ko: {
    active: '전송 중',
    paused: '멈춤',
    retrying: '다시 시도 중',
    delivered: '전송됨',
    failed: '실패',
    refused: '거절됨',
    gone: '사라짐 (410)',
    webhook: '웹훅',
    nats: 'NATS',
    kafka: 'Kafka',
    events: (count: string, _isOne: boolean) => `이벤트 ${count}개`,
    allTypes: '모든 이벤트',
  },
});

/** What the events of each type say. */
const typeMessages = defineMessages({
  en: {
    'moa.order.paid.v1': 'Order paid',
    'moa.order.cancelled.v1': 'Order cancelled',
    'moa.order.expired.v1': 'Order expired',
    'moa.order.refunded.v1': 'Order refunded',
    'moa.wallet.charged.v1': 'Wallet charged',
    'moa.wallet.withdrawn.v1': 'Wallet paid out',
    'moa.stock.adjusted.v1': 'Stock adjusted',
    'moa.product.created.v1': 'Product created',
    'moa.product.changed.v1': 'Product changed',
  },
  ko: {
    'moa.order.paid.v1': '주문 결제',
    'moa.order.cancelled.v1': '주문 취소',
    'moa.order.expired.v1': '주문 만료',
    'moa.order.refunded.v1': '주문 환불',
    'moa.wallet.charged.v1': '지갑 충전',
    'moa.wallet.withdrawn.v1': '지갑 출금',
    'moa.stock.adjusted.v1': '재고 조정',
    'moa.product.created.v1': '상품 등록',
    'moa.product.changed.v1': '상품 변경',
  },
});

export type EventType = keyof (typeof typeMessages)['en'];

/** The types of events that a destination can receive, in the order that they are shown. */
export const EVENT_TYPES = Object.keys(typeMessages.en) as readonly EventType[];

export { typeMessages };

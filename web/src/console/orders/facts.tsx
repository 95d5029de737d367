import type { Order } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { TextLink } from '../../parts/link.tsx';
import { Status } from '../../shop/order/status.tsx';
import { Facts } from '../parts/facts.tsx';
import { ShortId } from '../parts/short-id.tsx';

const messages = defineMessages({
  en: {
    status: 'Status',
    id: 'Order number',
    customer: 'Customer',
    total: 'Total',
    refunded: 'Refunded',
    rest: 'Kept',
    ordered: 'Ordered',
    paid: 'Paid',
    expires: 'Reserved until',
  },
  ko: {
    status: '상태',
    id: '주문 번호',
    customer: '고객',
    total: '합계',
    refunded: '환불한 금액',
    rest: '남은 금액',
    ordered: '주문 시각',
    paid: '결제 시각',
    expires: '예약 기한',
  },
});

/** Who ordered when, and what became of the money. */
export const OrderFacts = ({ order }: { readonly order: Order }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const { orderId, userId, total, refundedTotal, currency, createdAt, paidAt, expiresAt } = order;
  return (
    <Facts
      facts={[
        [t.status, <Status key="status" order={order} />],
        [t.id, <ShortId key="id" id={orderId} whole />],
        [
          t.customer,
          <TextLink key="user" to="/console/wallets" search={{ user: userId }} size="sm">
            {userId}
          </TextLink>,
        ],
        [t.total, <strong key="total">{format.money(total, currency)}</strong>],
        ...(refundedTotal === 0
          ? []
          : ([
              [t.refunded, format.money(-refundedTotal, currency)],
              [t.rest, format.money(total - refundedTotal, currency)],
            ] as const)),
        [t.ordered, format.exact(createdAt)],
        ...(paidAt === null ? [] : ([[t.paid, format.exact(paidAt)]] as const)),
        ...(order.status !== 'pending' || expiresAt === null
          ? []
          : ([[t.expires, format.exact(expiresAt)]] as const)),
      ]}
    />
  );
};

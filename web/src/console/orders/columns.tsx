import { useMemo } from 'react';
import type { Order } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { TextLink } from '../../parts/link.tsx';
import { Time } from '../../parts/time.tsx';
import { Status } from '../../shop/order/status.tsx';
import type { Column } from '../parts/list-table.tsx';
import { ShortId } from '../parts/short-id.tsx';
import classes from './orders.module.css';

const messages = defineMessages({
  en: {
    time: 'Ordered',
    order: 'Order',
    customer: 'Customer',
    items: 'Products',
    total: 'Total',
    refunded: 'Refunded',
    currency: 'Currency',
    status: 'Status',
    more: (count: string) => `and ${count} more`,
  },
  ko: {
    time: '주문 시각',
    order: '주문 번호',
    customer: '고객',
    items: '상품',
    total: '합계',
    refunded: '환불',
    currency: '통화',
    status: '상태',
    more: (count: string) => `외 ${count}종`,
  },
});

const itemsOf = ({ items }: Order): string =>
  items.map(({ name, quantity }) => `${name} × ${quantity}`).join(', ');

/** The columns of the list of orders. */
export const useOrderColumns = (): readonly Column<Order>[] => {
  const t = useMessages(messages);
  const format = useFormat();
  return useMemo(
    () => [
      {
        header: t.time,
        cell: ({ createdAt }) => (
          <span className={classes.time}>
            <Time at={createdAt} />
          </span>
        ),
        csv: ({ createdAt }) => createdAt,
      },
      {
        header: t.order,
        minor: 'phone',
        cell: ({ orderId }) => <ShortId id={orderId} />,
        csv: ({ orderId }) => orderId,
      },
      {
        header: t.customer,
        minor: 'phone',
        cell: ({ userId }) => (
          <TextLink
            to="/console/wallets"
            search={{ user: userId }}
            size="sm"
            className={classes.customer}
          >
            {userId}
          </TextLink>
        ),
        csv: ({ userId }) => userId,
      },
      {
        header: t.items,
        minor: true,
        cell: (order) => (
          <span className={classes.items} title={itemsOf(order)}>
            <bdi className={classes.first}>{order.items[0]?.name}</bdi>
            <span className={classes.count}>
              {' × '}
              {format.number(order.items[0]?.quantity ?? 0)}{' '}
              {order.items.length > 1 ? t.more(format.number(order.items.length - 1)) : ''}
            </span>
          </span>
        ),
        csv: itemsOf,
      },
      {
        header: t.total,
        align: 'right',
        cell: ({ total, currency }) => (
          <span className={classes.money}>{format.money(total, currency)}</span>
        ),
        csv: ({ total, currency }) => format.major(total, currency),
      },
      {
        header: t.refunded,
        align: 'right',
        minor: true,
        cell: ({ refundedTotal, currency }) => (
          <span className={classes.money}>
            {refundedTotal === 0 ? '–' : format.money(refundedTotal, currency)}
          </span>
        ),
        csv: ({ refundedTotal, currency }) => format.major(refundedTotal, currency),
      },
      { header: t.currency, csv: ({ currency }) => currency },
      {
        header: t.status,
        cell: (order) => (
          <div className={classes.status}>
            <Status order={order} />
          </div>
        ),
        csv: ({ status }) => status,
      },
    ],
    [t, format],
  );
};

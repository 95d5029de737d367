import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Order } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Time } from '../../parts/time.tsx';
import { Countdown } from '../order/countdown.tsx';
import { PendingActions } from '../order/pending-actions.tsx';
import { ProductPicture } from '../order/product-picture.tsx';
import { Status } from '../order/status.tsx';
import classes from './orders.module.css';

const messages = defineMessages({
  en: {
    others: (count: number) => `and ${count} more`,
    refunded: (amount: string) => `${amount} refunded`,
  },
  ko: {
    others: (count: number) => `외 ${count}개`,
    refunded: (amount: string) => `${amount} 환불했어요`,
  },
});

/** One order of the list; a pending one is paid or cancelled here. */
export const OrderRow = ({ order }: { readonly order: Order }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const { orderId, items, total, refundedTotal, currency, createdAt } = order;
  const [first] = items;
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <Status order={order} />
        <Text size="xs" c="dimmed">
          <Time at={createdAt} />
        </Text>
      </div>
      <Link to="/orders/$orderId" params={{ orderId }} className={classes.main}>
        {first === undefined ? <span /> : <ProductPicture productId={first.productId} />}
        <span className={classes.names}>
          <bdi className={classes.name}>{first?.name}</bdi>
          {items.length > 1 ? <small>{t.others(items.length - 1)}</small> : null}
        </span>
        <span className={classes.amount}>
          <strong>{format.money(total, currency)}</strong>
          {refundedTotal > 0 ? (
            <small>{t.refunded(format.money(refundedTotal, currency))}</small>
          ) : null}
        </span>
      </Link>
      {order.status === 'pending' ? (
        <div className={classes.pending}>
          <Countdown order={order} />
          <PendingActions order={order} />
        </div>
      ) : null}
    </li>
  );
};

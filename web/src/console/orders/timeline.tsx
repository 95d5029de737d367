import { Skeleton, Text } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHourglassEmpty,
  IconReceiptRefund,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Order, components } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { detailOf, kindOf } from './event.ts';
import classes from './orders.module.css';
import { eventsQuery } from './queries.ts';

const messages = defineMessages({
  en: {
    placed: 'Placed, the stock is reserved',
    paid: 'Paid',
    cancelled: 'Cancelled',
    expired: 'The reservation expired',
    refunded: 'Refunded',
    restocked: 'back to stock',
    notRestocked: 'not back to stock',
    because: (reason: string) => `Reason: ${reason}`,
  },
  ko: {
    placed: '주문하고 재고를 예약했어요',
    paid: '결제했어요',
    cancelled: '취소했어요',
    expired: '예약 기한이 지났어요',
    refunded: '환불했어요',
    restocked: '재고로 되돌림',
    notRestocked: '재고로 되돌리지 않음',
    because: (reason: string) => `사유: ${reason}`,
  },
});

const ICONS = {
  placed: IconClock,
  paid: IconCircleCheck,
  cancelled: IconCircleX,
  expired: IconHourglassEmpty,
  refunded: IconReceiptRefund,
} as const;

interface EventProps {
  readonly event: components['schemas']['OrderEvent'];
  readonly currency: string;
}

const Event = ({ event, currency }: EventProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const kind = kindOf(event);
  const { amount, reason, restock } = detailOf(event);
  const Icon = kind === undefined ? IconClock : ICONS[kind];
  const facts = [
    kind === undefined ? event.type : t[kind],
    ...(amount === undefined ? [] : [format.money(amount, currency)]),
    ...(restock === undefined ? [] : [restock ? t.restocked : t.notRestocked]),
  ];
  return (
    <li className={classes.event}>
      <Icon size={18} aria-hidden />
      <div>
        <div>{facts.join(' · ')}</div>
        {reason === undefined ? null : (
          <div>
            <bdi>{t.because(reason)}</bdi>
          </div>
        )}
        <Text size="xs" c="dimmed">
          <time dateTime={event.time}>{format.exact(event.time)}</time>
        </Text>
      </div>
    </li>
  );
};

/** What happened to an order, oldest first. */
export const Timeline = ({ order: { orderId, currency } }: { readonly order: Order }) => {
  const list = useInfiniteQuery(eventsQuery(orderId));
  const { data, error, refetch } = list;
  if (data === undefined) {
    return error === null ? (
      <Skeleton height={92} />
    ) : (
      <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      <ol className={classes.events}>
        {data.pages
          .flatMap(({ items }) => items)
          .map((event) => (
            <Event key={event.eventId} event={event} currency={currency} />
          ))}
      </ol>
      <MoreButton list={list} />
    </>
  );
};

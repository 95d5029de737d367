import { Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { components } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { TextLink } from '../../parts/link.tsx';
import { Time } from '../../parts/time.tsx';
import { ListTable, type Column } from '../parts/list-table.tsx';
import { shortId } from '../parts/short-id.tsx';
import classes from './products.module.css';
import { movementsQuery } from './queries.ts';

type StockMovement = components['schemas']['StockMovement'];

const messages = defineMessages({
  en: {
    title: 'Stock movements',
    time: 'Time',
    kind: 'What',
    delta: 'Change',
    after: 'After',
    orderColumn: 'Order',
    reason: 'Reason',
    order: (id: string) => `Order …${id}`,
    none: 'The stock has not moved yet.',
    created: 'First stock',
    adjusted: 'Adjusted',
    reserved: 'Reserved',
    sold: 'Sold',
    released: 'Released',
    expired: 'Reservation expired',
    restocked: 'Back to stock',
  },
  ko: {
    title: '재고 기록',
    time: '시각',
    kind: '내용',
    delta: '변경',
    after: '변경 후',
    orderColumn: '주문',
    reason: '사유',
    order: (id: string) => `주문 …${id}`,
    none: '아직 재고가 움직이지 않았어요.',
    created: '첫 재고',
    adjusted: '조정',
    reserved: '예약',
    sold: '판매',
    released: '예약 취소',
    expired: '예약 기한 지남',
    restocked: '재고로 되돌림',
  },
});

const useColumns = (): readonly Column<StockMovement>[] => {
  const t = useMessages(messages);
  const format = useFormat();
  return useMemo(
    () => [
      {
        header: t.time,
        cell: ({ createdAt }) => <Time at={createdAt} />,
        csv: ({ createdAt }) => createdAt,
      },
      {
        header: t.kind,
        cell: ({ kind, orderId, reason }) => (
          <>
            <div>{t[kind]}</div>
            {orderId === null ? null : (
              <TextLink to="/console/orders" search={{ order: orderId }} size="xs">
                {t.order(shortId(orderId))}
              </TextLink>
            )}
            {reason === null ? null : (
              <Text size="xs" c="dimmed">
                <bdi>{reason}</bdi>
              </Text>
            )}
          </>
        ),
        csv: ({ kind }) => kind,
      },
      {
        header: t.delta,
        align: 'right',
        cell: ({ delta }) => (
          <span className={classes.figure}>
            {delta > 0 ? '+' : ''}
            {format.number(delta)}
          </span>
        ),
        csv: ({ delta }) => delta,
      },
      {
        header: t.after,
        align: 'right',
        cell: ({ stockAfter }) => (
          <span className={classes.figure}>{format.number(stockAfter)}</span>
        ),
        csv: ({ stockAfter }) => stockAfter,
      },
      {
        // On the page they stand below the kind.
        header: t.orderColumn,
        csv: ({ orderId }) => orderId,
      },
      { header: t.reason, csv: ({ reason }) => reason },
    ],
    [t, format],
  );
};

/** What moved the stock of a product, newest first. */
export const Movements = ({ productId }: { readonly productId: string }) => {
  const t = useMessages(messages);
  const list = movementsQuery(productId);
  const query = useInfiniteQuery(list);
  return (
    <section>
      <Title order={3} mb="xs">
        {t.title}
      </Title>
      <ListTable
        name={t.title}
        columns={useColumns()}
        query={query}
        readPage={list.readPage}
        keyOf={({ movementId }) => movementId}
        empty={<Text size="sm">{t.none}</Text>}
      />
    </section>
  );
};

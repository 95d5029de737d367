import { Button, Group, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Intent, Order } from '@moa-commerce/client';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { DoneNote } from '../parts/done-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { shortId } from '../parts/short-id.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { Cancellation, intentOfCancellation } from './cancellation.tsx';
import { OrderFacts } from './facts.tsx';
import { OrderLines } from './lines.tsx';
import { findListed, openOrderQuery } from './queries.ts';
import { canCancel, canRefund } from './refund.ts';
import { RefundForm } from './refund-form.tsx';
import { Timeline } from './timeline.tsx';

const messages = defineMessages({
  en: {
    order: (id: string) => `Order …${id}`,
    lines: (count: number) => (count === 1 ? '1 product' : `${count} products`),
    metadata: 'Metadata',
    events: 'What happened',
    refund: 'Refund…',
    cancel: 'Cancel the order…',
  },
  ko: {
    order: (id: string) => `주문 …${id}`,
    lines: (count: number) => `상품 ${count}종`,
    metadata: '메타데이터',
    events: '처리 기록',
    refund: '환불하기…',
    cancel: '주문 취소하기…',
  },
});

interface ActionsProps {
  readonly order: Order;
  readonly onDone: (note: string) => void;
}

/** What can be done with an order in its status. */
const Actions = ({ order, onDone }: ActionsProps) => {
  const t = useMessages(messages);
  // As it was when the form was opened: the order is read again while the operator decides.
  const [refunding, setRefunding] = useState<Order>();
  const [cancellation, setCancellation] = useState<Intent>();
  if (refunding !== undefined) {
    const close = (): void => setRefunding(undefined);
    return <RefundForm order={refunding} onClose={close} onDone={onDone} />;
  }
  return (
    <Group>
      {canRefund(order) ? (
        <Button variant="default" onClick={() => setRefunding(order)}>
          {t.refund}
        </Button>
      ) : null}
      {canCancel(order) ? (
        <Button
          variant="default"
          onClick={() => setCancellation(intentOfCancellation(order.orderId))}
        >
          {t.cancel}
        </Button>
      ) : null}
      <Cancellation
        order={order}
        intent={cancellation}
        onClose={() => setCancellation(undefined)}
        onDone={onDone}
      />
    </Group>
  );
};

const Body = ({ order }: { readonly order: Order }) => {
  const t = useMessages(messages);
  const [note, setNote] = useState<string>();
  const metadata = Object.entries(order.metadata);
  return (
    <Stack gap="lg">
      <OrderFacts order={order} />
      <DoneNote text={note} />
      <Actions order={order} onDone={setNote} />
      <section>
        <Title order={3} mb="xs">
          {t.lines(order.items.length)}
        </Title>
        <OrderLines order={order} />
      </section>
      <section>
        <Title order={3} mb="xs">
          {t.events}
        </Title>
        <Timeline order={order} />
      </section>
      {metadata.length === 0 ? null : (
        <section>
          <Title order={3} mb="xs">
            {t.metadata}
          </Title>
          <Facts facts={metadata.map(([name, value]) => [name, <bdi key={name}>{value}</bdi>])} />
        </section>
      )}
    </Stack>
  );
};

interface OrderPanelProps {
  readonly orderId: string;
  readonly onClose: () => void;
}

/** An order beside the list, with what can be done about it. */
export const OrderPanel = ({ orderId, onClose }: OrderPanelProps) => {
  const t = useMessages(messages);
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    ...openOrderQuery(orderId),
    placeholderData: () => findListed(client, orderId),
  });
  return (
    <SidePanel title={t.order(shortId(orderId))} name={orderId} onClose={onClose}>
      {error === null ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
      )}
      {data === undefined ? (
        error === null ? (
          <Skeleton height={320} />
        ) : null
      ) : (
        <Body order={data} />
      )}
    </SidePanel>
  );
};

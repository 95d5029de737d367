import { Group, RingProgress, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Order } from '@moa-commerce/client';
import { useMessages } from '../../i18n/locale.tsx';
import { useFormat } from '../../i18n/format.ts';
import { defineMessages } from '../../i18n/messages.ts';
import { clockText, remainingMs, remainingPart } from './clock.ts';
import { useServerNow } from './use-clock.ts';

const messages = defineMessages({
  en: {
    reserved: (time: string) => `Reserved for you until ${time}`,
    over: 'The reservation is over',
  },
  ko: {
    reserved: (time: string) => `${time}까지 예약해 두었어요`,
    over: '예약 시간이 지났어요',
  },
});

/** The milliseconds that are left of a reservation; undefined where nothing is reserved. */
export const useRemaining = (order: Order): number | undefined => {
  const { status, expiresAt } = order;
  const isReserved = status === 'pending' && expiresAt !== null;
  const now = useServerNow(isReserved);
  return isReserved ? remainingMs(expiresAt, now) : undefined;
};

/** A ring and figures that count a reservation down; at the end the order is read again. */
export const Countdown = ({ order }: { readonly order: Order }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const client = useQueryClient();
  const left = useRemaining(order);
  const { orderId, createdAt, expiresAt } = order;
  const isOver = left === 0;
  useEffect(() => {
    if (!isOver) return;
    void client.invalidateQueries({ queryKey: ['order', orderId] });
    void client.invalidateQueries({ queryKey: ['me', 'orders'] });
  }, [client, isOver, orderId]);
  if (left === undefined || expiresAt === null) return null;
  const part = remainingPart({ createdAt, expiresAt }, left);
  return (
    <Group gap="sm" wrap="nowrap">
      <RingProgress
        aria-hidden
        size={48}
        thickness={5}
        roundCaps
        sections={[{ value: part * 100, color: part < 0.2 ? 'var(--moa-bad)' : 'var(--moa-warn)' }]}
      />
      <div>
        <Text fw={700} size="lg" lh={1.2} role="timer">
          {clockText(left)}
        </Text>
        <Text size="xs" c="dimmed">
          {isOver ? t.over : t.reserved(format.clock(expiresAt))}
        </Text>
      </div>
    </Group>
  );
};

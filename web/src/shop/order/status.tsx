import { Group, Text } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHourglassEmpty,
  IconReceiptRefund,
} from '@tabler/icons-react';
import type { Order } from '@moa-commerce/client';
import type { OrderStatus } from '../../api/queries.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';

export const statusMessages = defineMessages({
  en: {
    pending: 'Waiting for payment',
    paid: 'Paid',
    cancelled: 'Cancelled',
    expired: 'Expired',
    refunded: 'Refunded',
    partly: 'Partly refunded',
  },
  ko: {
    pending: '결제 대기',
    paid: '결제 완료',
    cancelled: '취소됨',
    expired: '기한 지남',
    refunded: '환불 완료',
    partly: '일부 환불',
  },
});

const LOOKS: Record<OrderStatus, { readonly icon: typeof IconClock; readonly colour: string }> = {
  pending: { icon: IconClock, colour: 'var(--moa-warn)' },
  paid: { icon: IconCircleCheck, colour: 'var(--moa-good)' },
  cancelled: { icon: IconCircleX, colour: 'var(--moa-muted)' },
  expired: { icon: IconHourglassEmpty, colour: 'var(--moa-muted)' },
  refunded: { icon: IconReceiptRefund, colour: 'var(--moa-accent)' },
};

/** The status of an order as icon, word and colour. */
export const Status = ({ order }: { readonly order: Pick<Order, 'status' | 'refundedTotal'> }) => {
  const t = useMessages(statusMessages);
  const { icon: Icon, colour } = LOOKS[order.status];
  const isPartly = order.status === 'paid' && order.refundedTotal > 0;
  return (
    <Group gap={12} wrap="wrap">
      <Group gap={4} wrap="nowrap" c={colour}>
        <Icon size={18} aria-hidden />
        <Text component="span" size="sm" fw={600}>
          {t[order.status]}
        </Text>
      </Group>
      {isPartly ? (
        <Group gap={4} wrap="nowrap" c={LOOKS.refunded.colour}>
          <IconReceiptRefund size={18} aria-hidden />
          <Text component="span" size="sm" fw={600}>
            {t.partly}
          </Text>
        </Group>
      ) : null}
    </Group>
  );
};

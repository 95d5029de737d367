import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Order } from '@moa-commerce/client';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { LinkButton } from '../../parts/link.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useRemaining } from './countdown.tsx';
import { usePendingOrder, type PendingOrder } from './use-pending-order.ts';

const messages = defineMessages({
  en: {
    pay: (total: string) => `Pay ${total}`,
    cancel: 'Cancel',
    sure: 'Cancel this order? Its products go back to the shop.',
    yes: 'Cancel the order',
    no: 'Keep it',
    charge: 'Charge the wallet',
    queued: 'Many people are here. You are in the queue — it happens only once.',
    offline: 'Waiting for the connection. It happens only once.',
  },
  ko: {
    pay: (total: string) => `${total} 결제하기`,
    cancel: '취소',
    sure: '이 주문을 취소할까요? 예약한 상품은 가게로 돌아가요.',
    yes: '주문 취소하기',
    no: '그대로 두기',
    charge: '지갑 충전하기',
    queued: '사람이 많아요. 순서를 기다리고 있어요 — 한 번만 처리돼요.',
    offline: '연결을 기다리고 있어요. 한 번만 처리돼요.',
  },
});

interface SureProps {
  readonly pending: PendingOrder;
  readonly onKeep: () => void;
}

/** The second step of a cancellation; the way back has the focus. */
const Sure = ({ pending, onKeep }: SureProps) => {
  const t = useMessages(messages);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <Stack component="fieldset" gap="xs" m={0} p={0} bd="0" aria-label={t.sure}>
      <Text size="sm">{t.sure}</Text>
      <Group gap="xs">
        <Button ref={keep} size="sm" variant="default" onClick={onKeep}>
          {t.no}
        </Button>
        <Button
          size="sm"
          variant="outline"
          color="var(--moa-bad)"
          loading={pending.step === 'cancellation'}
          onClick={pending.cancel}
        >
          {t.yes}
        </Button>
      </Group>
    </Stack>
  );
};

/** Pays or cancels a pending order, while its reservation lasts. */
export const PendingActions = ({ order }: { readonly order: Order }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const pending = usePendingOrder(order.orderId);
  const left = useRemaining(order);
  const [isSure, setSure] = useState(false);
  const { phase, refusal, step } = pending;
  if (order.status !== 'pending') return null;
  const notice =
    refusal === undefined ? null : (
      <ProblemNotice
        problem={refusal}
        action={
          refusal.code === 'insufficient_balance' ? (
            <LinkButton size="xs" variant="default" to="/wallet">
              {t.charge}
            </LinkButton>
          ) : null
        }
      />
    );
  return (
    <Stack gap={0} className="no-print">
      {isSure ? <Sure pending={pending} onKeep={() => setSure(false)} /> : null}
      {isSure || left === 0 ? null : (
        <Group gap="xs">
          <Button size="sm" loading={step === 'payment'} onClick={pending.pay}>
            {t.pay(format.money(order.total, order.currency))}
          </Button>
          <Button
            size="sm"
            variant="subtle"
            color="gray"
            disabled={step !== undefined}
            onClick={() => setSure(true)}
          >
            {t.cancel}
          </Button>
        </Group>
      )}
      <Text size="sm" c="dimmed" aria-live="polite">
        {phase === 'queued' ? t.queued : null}
        {phase === 'offline' ? t.offline : null}
      </Text>
      {notice === null ? null : <div>{notice}</div>}
    </Stack>
  );
};

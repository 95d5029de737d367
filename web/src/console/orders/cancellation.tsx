import { useQueryClient } from '@tanstack/react-query';
import type { Intent, Order } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Confirmation } from '../parts/confirmation.tsx';
import { settle } from '../parts/settle.ts';
import { shortId } from '../parts/short-id.tsx';
import { refreshOrder } from './queries.ts';

const messages = defineMessages({
  en: {
    title: (id: string, user: string) => `Cancel order …${id} of ${user}?`,
    effect: (total: string, units: string, isOne: boolean) =>
      `The order of ${total} is not paid yet, so no money moves. Its ` +
      `${isOne ? 'reserved unit goes' : `${units} reserved units go`} back to stock. A cancelled ` +
      'order cannot be paid any more.',
    action: 'Cancel the order',
    done: 'The order is cancelled.',
    already: 'The order was cancelled already. Nothing was done twice.',
  },
  ko: {
    title: (id: string, user: string) => `${user}님의 주문(…${id})을 취소할까요?`,
    effect: (total: string, units: string, _isOne: boolean) =>
      `아직 결제하지 않은 ${total} 주문이라 돈은 움직이지 않아요. 예약한 ${units}개는 재고로 ` +
      '돌아가요. 취소한 주문은 다시 결제할 수 없어요.',
    action: '주문 취소하기',
    done: '주문을 취소했어요.',
    already: '이미 취소한 주문이에요. 두 번 처리되지 않았어요.',
  },
});

/** The intent to cancel an order; a reload goes on with the same. */
export const intentOfCancellation = (orderId: string): Intent =>
  moa.intent(`console:cancellation:${orderId}`);

interface CancellationProps {
  readonly order: Order;
  /** Made when the question is asked, before the press; without one, nothing is asked. */
  readonly intent: Intent | undefined;
  readonly onClose: () => void;
  readonly onDone: (note: string) => void;
}

/** The second step of the cancellation of a pending order. */
export const Cancellation = ({ order, intent, onClose, onDone }: CancellationProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const client = useQueryClient();
  const { orderId, userId, total, currency, items } = order;
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
  const run = async (reason: string) => {
    const result = await settle(intent ?? intentOfCancellation(orderId), (key) =>
      moa.cancelOrder(orderId, { key, ...(reason === '' ? {} : { reason }) }),
    );
    // A refusal has a cause that this page does not show yet: the order was paid, or expired.
    await refreshOrder(client, order);
    if (result.ok) onDone(result.replayed ? t.already : t.done);
    return result;
  };
  return (
    <Confirmation
      opened={intent !== undefined}
      onClose={onClose}
      title={t.title(shortId(orderId), userId)}
      effect={t.effect(format.money(total, currency), format.number(units), units === 1)}
      action={t.action}
      reason="optional"
      run={run}
      onDone={onClose}
    />
  );
};

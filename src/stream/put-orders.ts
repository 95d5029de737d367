import { createFrame } from './frame.ts';
import type { Member, Members } from './members.ts';
import type { Outgoing } from './outgoing.ts';
import type { States } from './states.ts';

/**
 * Puts each changed order, and for each new stream the orders that its client missed and then the
 * newest ones. The streams of a user share each frame.
 */
export const putOrders = (
  outgoing: Outgoing,
  { orders, newest, missed }: Pick<States, 'orders' | 'newest' | 'missed'>,
  { members, newcomers }: { readonly members: Members; readonly newcomers: readonly Member[] },
): void => {
  for (const { userId, frame } of orders) {
    for (const member of members.orders.find(userId)?.members ?? []) {
      if (member.isCurrent) outgoing.put(member, frame);
    }
  }
  for (const [userId, streams] of Map.groupBy(newcomers, ({ ordersOf }) => ordersOf)) {
    if (userId === undefined) continue;
    const items = (newest.get(userId) ?? []).map(({ json }) => json).join(',');
    const frameOf = (resumed: boolean) =>
      createFrame('orders', `{"items":[${items}],"resumed":${resumed}}`);
    const [resumed, begun] = [frameOf(true), frameOf(false)];
    for (const member of streams) {
      const older = missed.get(member);
      for (const { frame } of older ?? []) outgoing.put(member, frame);
      outgoing.put(member, older === undefined ? begun : resumed);
    }
  }
};

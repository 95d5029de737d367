import { expect, test } from 'vitest';
import { createBundles } from './bundles.ts';
import { createFrame } from './frame.ts';
import { createMembers, type Member } from './members.ts';
import { createOutgoing } from './outgoing.ts';
import { putOrders } from './put-orders.ts';
import type { OrderState } from './states.ts';

const orderOf = (key: string): OrderState => {
  const json = `{"orderId":"${key}"}`;
  return { key, userId: 'alice', json, frame: createFrame('order', json) };
};

test('the new streams of a customer share the bytes of missed and of newest orders', () => {
  const members = createMembers();
  const bundles = createBundles();
  const open = (after: number) => {
    const sent: Buffer[] = [];
    const sink = { send: (parts: readonly Buffer[]) => void sent.push(...parts), end: () => {} };
    const journalTopics = { productIds: [], ordersOf: 'alice', walletOf: undefined };
    const member: Member = { ...journalTopics, sink, isCurrent: false, after };
    members.add(member);
    return { member, sent };
  };
  const streams = [open(1), open(1), open(2)] as const;
  const [a, b] = [orderOf('a'), orderOf('b')];
  const [first, second, third] = streams;
  const missed = new Map([
    [first.member, [a, b]],
    [second.member, [a, b]],
    [third.member, [b]],
  ]);
  const newest = new Map([['alice', [orderOf('c')]]]);
  const newcomers = streams.map(({ member }) => member);
  const outgoing = createOutgoing(bundles);
  putOrders(outgoing, { orders: [], newest, missed }, { members, newcomers });
  outgoing.send('7');
  bundles.flush();
  expect(first.sent.map(String)).toEqual([
    'event: order\ndata: {"orderId":"a"}\n\n',
    'event: order\ndata: {"orderId":"b"}\n\n',
    'id: 7\nevent: orders\ndata: {"items":[{"orderId":"c"}],"resumed":true}\n\n',
  ]);
  for (const [index, bytes] of first.sent.entries()) expect(second.sent[index]).toBe(bytes);
  for (const [index, bytes] of third.sent.entries()) expect(first.sent[index + 1]).toBe(bytes);
});

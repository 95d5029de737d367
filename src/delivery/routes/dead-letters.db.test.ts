import { expect, test } from 'vitest';
import { openDeliveryShop } from '../../../test/support/delivery-shop.ts';
import { startReceiver } from '../../../test/support/receiver.ts';
import { waitUntil } from '../../../test/support/wait.ts';

interface DeadLetter {
  readonly event: { readonly id: string; readonly subject: string };
  readonly attempts: number;
  readonly lastAttempt: object;
  readonly isDue: boolean;
}

/** A shop with some refused orders, and the ids of the orders. */
const start = async (count: number) => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const refused = new Set<string>();
  receiver.answerWith(({ events }) =>
    events.some(({ subject }) => refused.has(subject))
      ? { status: 422, body: `no: ${events.length}${'x'.repeat(2_000)}` }
      : { status: 204 },
  );
  const types = ['moa.order.paid.v1'];
  const destinationId = await shop.addWebhook(receiver.url, { types, status: 'paused' });
  const params = { destinationId };
  const orders = await shop.buy(count);
  for (const orderId of orders) refused.add(orderId);
  await shop.ask('changeDestination', { params, body: { status: 'active' } });
  const list = async (query: Record<string, unknown> = {}) => {
    const { items, nextCursor } = await shop.ask('listDeadLetters', { params, query });
    return { items: items as DeadLetter[], nextCursor: nextCursor as string | null };
  };
  await waitUntil(async () => (await list()).items.length === count, 'dead letters');
  return { shop, receiver, refused, params, orders, list };
};

test('a dead letter has its event, the last answer and the number of attempts', async () => {
  const { list, orders, receiver } = await start(3);
  const { items } = await list();
  expect(items.map(({ event }) => event.subject)).toEqual(orders.toReversed());
  const sent = receiver.requests.flatMap(({ events }) => events);
  for (const { event, ...letter } of items) {
    expect(sent).toContainEqual(event);
    expect(letter).toEqual({
      attempts: 3,
      lastAttempt: {
        at: expect.any(String),
        detail: 'answered 422',
        status: 422,
        body: `no: 1${'x'.repeat(1_019)}`,
      },
      createdAt: expect.any(String),
      isDue: false,
    });
  }
  const first = await list({ limit: 2 });
  const second = await list({ limit: 2, cursor: first.nextCursor });
  expect([...first.items, ...second.items]).toEqual(items);
  expect(second.nextCursor).toBeNull();
});

test('one dead letter is sent again; a second refusal counts on', async () => {
  const { shop, refused, receiver, params, orders, list } = await start(2);
  const [{ event }] = (await list()).items as [DeadLetter];
  const resend = () => shop.call('resendDeadLetter', { params: { ...params, eventId: event.id } });
  expect(await resend()).toMatchObject({ kind: 'answer', status: 202 });
  const attempts = async () =>
    (await list()).items.find((letter) => letter.event.id === event.id)?.attempts;
  await waitUntil(async () => (await attempts()) === 6, 'three more attempts');
  refused.clear();
  await resend();
  await waitUntil(() => receiver.taken.length === 1, 'the event');
  expect(receiver.taken.map(({ id }) => id)).toEqual([event.id]);
  await waitUntil(async () => (await list()).items.length === 1, 'the other dead letter');
  expect((await list()).items[0]?.event.subject).toBe(orders[0]);
  expect(await resend()).toEqual({ kind: 'problem', code: 'dead_letter_not_found' });
});

test('a resent dead letter is given up after three refusals while orders continue', async () => {
  const { shop, receiver, params, orders, list } = await start(1);
  const [letter] = (await list()).items as [DeadLetter];
  const isLetter = ({ id }: { readonly id: string }): boolean => id === letter.event.id;
  const refusals = () => receiver.requests.filter(({ events }) => events.some(isLetter)).length;
  const refusedBefore = refusals();
  const later: string[] = [];
  receiver.answerWith(async ({ events }) => {
    if (!events.some(isLetter)) return { status: 204 };
    // The order is paid between this refusal and the next attempt.
    later.push(...(await shop.buy(1)));
    return { status: 422 };
  });
  await shop.call('resendDeadLetter', { params: { ...params, eventId: letter.event.id } });
  const isGivenUp = async () => (await list()).items.every(({ isDue }) => !isDue);
  await waitUntil(isGivenUp, 'a dead letter that is no longer due');
  await waitUntil(() => receiver.taken.length === later.length, 'the orders');
  expect(refusals() - refusedBefore).toBe(3);
  expect(later).toHaveLength(3);
  expect(receiver.taken.map(({ subject }) => subject)).toEqual(later);
  expect((await list()).items).toMatchObject([{ event: { subject: orders[0] }, attempts: 6 }]);
});

test('a deleted dead letter is not sent any more, also when it was due', async () => {
  const { shop, refused, receiver, params, list } = await start(2);
  const [due, other] = (await list()).items as [DeadLetter, DeadLetter];
  const remove = ({ event }: DeadLetter) =>
    shop.call('deleteDeadLetter', { params: { ...params, eventId: event.id } });
  const attempted = receiver.requests.length;
  const isDue = ({ id }: { readonly id: string }): boolean => id === due.event.id;
  receiver.answerWith(({ events }) => ({ status: events.some(isDue) ? 503 : 204 }));
  await shop.call('resendDeadLetter', { params: { ...params, eventId: due.event.id } });
  await waitUntil(() => receiver.requests.length > attempted, 'an attempt');
  expect(await remove(due)).toMatchObject({ kind: 'answer', status: 204 });
  expect(await remove(other)).toMatchObject({ kind: 'answer', status: 204 });
  refused.clear();
  const [later] = await shop.buy(1);
  await waitUntil(() => receiver.taken.length > 0, 'a later order');
  expect(receiver.taken.map(({ subject }) => subject)).toEqual([later]);
  expect(receiver.requests.at(-1)?.events.some(isDue)).toBe(false);
  expect((await list()).items).toEqual([]);
  expect(await remove(due)).toEqual({ kind: 'problem', code: 'dead_letter_not_found' });
});

test.for(['resendDeadLetter', 'deleteDeadLetter'])(
  '%s: the destination is missing before the dead letter',
  async (operation) => {
    const shop = await openDeliveryShop();
    const eventId = '01980000-0000-7000-8000-000000000000';
    const problemOf = async (destinationId: string) =>
      shop.call(operation, { params: { destinationId, eventId } });
    expect(await problemOf(eventId)).toEqual({ kind: 'problem', code: 'destination_not_found' });
    const destinationId = await shop.addWebhook('http://127.0.0.1:1', { status: 'paused' });
    const problem = { kind: 'problem', code: 'dead_letter_not_found' };
    expect(await problemOf(destinationId)).toEqual(problem);
  },
);

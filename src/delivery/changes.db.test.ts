import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDeliveryShop, type DeliveryShop } from '../../test/support/delivery-shop.ts';
import { SECRET, startReceiver } from '../../test/support/receiver.ts';
import { casesOf, sampleSeeded } from '../../test/support/seed.ts';
import { waitUntil } from '../../test/support/wait.ts';

const ROUNDS = casesOf(200);

const round = fc.record({
  what: fc.constantFrom('address', 'secret', 'pause'),
  /** The index of the process that handles the change, and of the one that resumes. */
  by: fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 })),
});

/** A destination's receiver and status since a change. */
interface Way {
  readonly receiver: 0 | 1;
  readonly status: 'active' | 'paused';
}

const openShops = async (): Promise<readonly [DeliveryShop, DeliveryShop]> => {
  const first = await openDeliveryShop();
  return [first, await openDeliveryShop(first.url)];
};

const changeOf = (shop: DeliveryShop, destinationId: string) => (body: Record<string, unknown>) =>
  shop.ask('changeDestination', { params: { destinationId }, body });

test('after the answer to a change, no later event is sent the old way', async () => {
  const rounds = sampleSeeded('changes of a destination', round, ROUNDS);
  const shops = await openShops();
  const secrets = [SECRET];
  const receivers = [await startReceiver(secrets), await startReceiver(secrets)] as const;
  const types = ['moa.order.paid.v1'];
  const destinationId = await shops[0].addWebhook(receivers[0].url, { types });
  const changes = shops.map((shop) => changeOf(shop, destinationId));

  /** The requested states, and for each order the index of the state when it was paid. */
  const ways: Way[] = [{ receiver: 0, status: 'active' }];
  const paidAt = new Map<string, number>();
  const arrivals: { readonly receiver: number; readonly subject: string; readonly ways: number }[] =
    [];
  for (const [receiver, { answerWith }] of receivers.entries()) {
    answerWith(({ events }) => {
      for (const { subject } of events) arrivals.push({ receiver, subject, ways: ways.length });
      return { status: 204 };
    });
  }
  const change = async (by: number, way: Partial<Way>, body: Record<string, unknown>) => {
    ways.push({ ...ways.at(-1)!, ...way });
    await changes[by]!(body);
  };
  const buy = async (): Promise<void> => {
    const orders = await Promise.all(shops.map((shop) => shop.buy(1)));
    for (const orderId of orders.flat()) paidAt.set(orderId, ways.length - 1);
  };
  const move = (by: number): Promise<void> => {
    const receiver = ways.at(-1)!.receiver === 0 ? 1 : 0;
    const { url } = receivers[receiver];
    return change(by, { receiver, status: 'active' }, { url, status: 'active' });
  };
  const changeSecret = async (by: number, index: number): Promise<void> => {
    const secret = `whsec_${Buffer.alloc(32, `${index} `).toString('base64')}`;
    secrets.push(secret);
    await change(by, {}, { secret });
    secrets.shift();
  };

  for (const [index, { what, by }] of rounds.entries()) {
    if (what === 'pause') {
      await change(by[0], { status: 'paused' }, { status: 'paused' });
      await buy();
      await move(by[1]);
    } else if (what === 'address') {
      await move(by[0]);
    } else {
      await changeSecret(by[0], index);
    }
    await buy();
    await waitUntil(() => {
      const arrived = new Set(arrivals.map(({ subject }) => subject));
      return [...paidAt.keys()].every((orderId) => arrived.has(orderId));
    }, 'every order at a receiver');
  }

  const old = arrivals.filter(({ receiver, subject, ways: asked }) => {
    const possible = ways.slice(paidAt.get(subject), asked);
    return !possible.some((way) => way.status === 'active' && way.receiver === receiver);
  });
  expect({
    sentTheOldWay: old.length,
    signedTheOldWay: receivers.map((each) => each.unsigned()),
  }).toEqual({ sentTheOldWay: 0, signedTheOldWay: [0, 0] });
});

/** Another process changes the address while the old address answers with this status. */
const moveDuring = async (status: number) => {
  const shops = await openShops();
  const receivers = [await startReceiver(), await startReceiver()] as const;
  const destinationId = await shops[0].addWebhook(receivers[0].url);
  await shops[0].buy(1);
  await waitUntil(() => receivers[0].taken.length === 1, 'an order at the first address');
  receivers[0].answerWith(async () => {
    await changeOf(shops[1], destinationId)({ url: receivers[1].url });
    return { status };
  });
  await shops[0].buy(1);
  await waitUntil(() => receivers[1].taken.length === 1, 'an order at the second address');
  return { shops, receivers, params: { destinationId } };
};

test('a failed request is not repeated after another process has changed the address', async () => {
  const { receivers } = await moveDuring(500);
  expect(receivers[0].requests).toHaveLength(2);
});

test('a 410 from an address that was already changed does not pause the destination', async () => {
  const { shops, params } = await moveDuring(410);
  expect(await shops[1].ask('getDestination', { params })).toMatchObject({ status: 'active' });
});

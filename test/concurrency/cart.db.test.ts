import { expect } from 'vitest';
import type { Answer } from '../support/client.ts';
import { assertInvariants, createFileDatabase } from '../support/database.ts';
import { faultsOf, startServices } from '../support/services.ts';
import { testsOfOne } from '../support/tests-of-one.ts';
import {
  createProduct,
  expectStatus,
  registerUsers,
  tally,
  type Client,
} from '../support/api-calls.ts';

const BALANCE = 2_000_000;
/** Adds per tab. */
const ADDS = 100;

/** Two services on one database. */
const testOnServices = testsOfOne(async (onEnd) => {
  const databaseUrl = await createFileDatabase();
  const clients = await startServices(databaseUrl, 2, { MOA_BATCH_MAX: '8' }, onEnd);
  return { databaseUrl, clients };
});

/** A user with enough balance and an empty cart. */
const openShop = async ({ databaseUrl, clients }: Services) => {
  const [client] = clients;
  const [userId = ''] = await registerUsers(client, 1, BALANCE);
  const createProducts = (count: number, stock: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => createProduct(client, { price: 1, stock })));
  const cart = `/v1/users/${userId}/cart`;
  // A deadlock or a lost race is retried and the answer is normal, but the fault is logged.
  const expectNoFaults = async () => {
    expect(faultsOf(clients)).toEqual([]);
    await assertInvariants(databaseUrl);
  };
  return { clients, client, userId, cart, createProducts, expectNoFaults };
};

interface Services {
  readonly databaseUrl: string;
  readonly clients: Awaited<ReturnType<typeof startServices>>;
}

interface Item {
  readonly productId: string;
  readonly quantity: number;
}

interface Line extends Item {
  readonly status: string;
}

const linesIn = ({ body }: Answer): readonly Line[] => body['items'] as unknown as Line[];

/** The number of units of each product. */
const countUnits = (items: readonly Item[]) => {
  const counts: Record<string, number> = {};
  for (const { productId, quantity } of items) {
    counts[productId] = (counts[productId] ?? 0) + quantity;
  }
  return counts;
};

/** Sends concurrent requests, spread over the services. */
const send = (
  clients: readonly Client[],
  count: number,
  request: (client: Client, index: number) => Promise<Answer>,
): Promise<Answer[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => request(clients[index % clients.length]!, index)),
  );

testOnServices(
  '100 concurrent adds lose no unit, on one service and on two',
  async ({ shared }) => {
    const { clients, cart, createProducts, expectNoFaults } = await openShop(shared);
    for (const [round, serving] of [clients.slice(0, 1), clients].entries()) {
      const [productId = ''] = await createProducts(1, 100);

      const answers = await send(serving, 100, (client) =>
        client.post(`${cart}/items`, { productId, quantity: 1 }),
      );

      expect(tally(answers)).toEqual({ 200: 100 });
      for (const client of clients) {
        const seen = expectStatus(200, await client.get(cart));
        expect(seen.body).toMatchObject({ version: (round + 1) * 100, purchasable: true });
        expect(linesIn(seen)[round]).toMatchObject({ productId, quantity: 100 });
      }
    }
    await expectNoFaults();
  },
);

testOnServices(
  'concurrent adds never exceed the places of a cart or the units of a line',
  async ({ shared }) => {
    const { clients, client, cart, createProducts, expectNoFaults } = await openShop(shared);
    const products = await createProducts(120, 1);

    const places = await send(clients, 120, (serving, index) =>
      serving.post(`${cart}/items`, { productId: products[index], quantity: 1 }),
    );
    expect(tally(places)).toEqual({ 200: 100, '409 cart_full': 20 });

    const full = linesIn(expectStatus(200, await client.get(cart)));
    const taken = products.filter((_, index) => places[index]!.status === 200);
    expect(full.map(({ productId }) => productId).toSorted()).toEqual(taken.toSorted());

    const units = await send(clients, 50, (serving) =>
      serving.post(`${cart}/items`, { productId: taken[0], quantity: 49 }),
    );
    expect(tally(units)).toEqual({ 200: 20, '409 cart_quantity_exceeded': 30 });
    const after = linesIn(expectStatus(200, await client.get(cart)));
    expect(countUnits(after)[taken[0]!]).toBe(1 + 20 * 49);
    await expectNoFaults();
  },
);

testOnServices('of concurrent changes with the same version one succeeds', async ({ shared }) => {
  const { clients, client, cart, createProducts, expectNoFaults } = await openShop(shared);
  const [productId = ''] = await createProducts(1, 100);
  for (let version = 0; version < 5; version++) {
    const answers = await send(clients, 10, (serving, index) =>
      serving.call(
        'PUT',
        `${cart}/items/${productId}`,
        { quantity: 10 * version + index + 1 },
        { 'if-match': `"${version}"` },
      ),
    );
    expect(tally(answers)).toEqual({ 200: 1, '412 cart_changed': 9 });
    const won = answers.find(({ status }) => status === 200);
    expect((await client.get(cart)).text).toBe(won?.text);
  }
  await expectNoFaults();
});

testOnServices(
  'the ordered items and the rest of the cart equal the added items',
  async ({ shared }) => {
    const { clients, userId, cart, createProducts, expectNoFaults } = await openShop(shared);
    const products = await createProducts(3, 10_000);
    const source = { userId, cart: true };

    // Two tabs add while two others order, each without a pause.
    const added: Item[] = [];
    const addOnAndOn = async (client: Client, tab: number): Promise<void> => {
      for (let index = 0; index < ADDS; index++) {
        const item = { productId: products[(index + tab) % 3]!, quantity: 1 + (index % 3) };
        expectStatus(200, await client.post(`${cart}/items`, item));
        added.push(item);
      }
    };
    const adding = new AbortController();
    const orders: Answer[] = [];
    const orderOnAndOn = async (client: Client): Promise<void> => {
      while (!adding.signal.aborted) {
        orders.push(await client.post('/v1/checkout', source));
        orders.push(await client.post('/v1/orders', source));
      }
    };
    const ordering = clients.map(orderOnAndOn);
    try {
      await Promise.all([...clients, ...clients].map(addOnAndOn));
    } finally {
      adding.abort();
      await Promise.all(ordering);
    }

    const counts = tally(orders);
    expect(counts['201']).toBeGreaterThan(10);
    const { 201: _, '409 cart_empty': __, '409 too_many_pending_orders': ___, ...others } = counts;
    expect(others).toEqual({});
    const ordered = orders.filter(({ status }) => status === 201);
    const left = expectStatus(200, await clients[0].get(cart));
    expect(countUnits([...ordered.flatMap(linesIn), ...linesIn(left)])).toEqual(countUnits(added));
    expect(left.body['version']).toBe(added.length + ordered.length);
    await expectNoFaults();
  },
);

testOnServices('a cart is always shown with the stock of the same moment', async ({ shared }) => {
  const { clients, client, userId, cart, createProducts, expectNoFaults } = await openShop(shared);
  const products = await createProducts(20, 7);
  for (const productId of products) {
    await client.post(`${cart}/items`, { productId, quantity: 7 });
    const ordering = new AbortController();
    const seen: Answer[] = [];
    const readOnAndOn = async (reader: Client): Promise<void> => {
      while (!ordering.signal.aborted) seen.push(expectStatus(200, await reader.get(cart)));
    };
    const reading = [...clients, ...clients].map(readOnAndOn);
    try {
      expectStatus(201, await client.post('/v1/checkout', { userId, cart: true }));
    } finally {
      ordering.abort();
      await Promise.all(reading);
    }
    // The checkout takes the whole stock, so a cart with older items would exceed the stock.
    for (const answer of seen) {
      const statuses = linesIn(answer).map(({ status }) => status);
      expect(statuses).toEqual(answer.body['purchasable'] ? ['ok'] : []);
    }
    expect(linesIn(await client.get(cart))).toEqual([]);
  }
  await expectNoFaults();
});

import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { checkInvariants } from '../audit/audit.ts';
import { AMOUNT_MAX } from '../contract/index.ts';
import { newId } from '../database/ids.ts';
import { startSystem } from '../system.ts';

interface Answer {
  readonly asOf: Date;
  readonly from: Date;
  readonly to: Date;
  readonly items: readonly { readonly productId: string; readonly unitsSold: number }[];
}

const DAY_MS = 86_400_000;
const PATIENCE = { timeout: 60_000 };

const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

/** The operations of one process. */
const startProcess = (url: string, settings = TEST_SETTINGS) => {
  const faults: unknown[] = [];
  const system = startSystem(url, settings, {
    onBackgroundFault: (error) => faults.push(error),
  });
  onTestFinished(async () => {
    await system.close();
    expect(faults).toEqual([]);
  });
  const call = createOperations(system.routes);
  const bestSellers = async (query: object = {}): Promise<Answer> =>
    bodyOf(await call('listBestSellers', { query })) as unknown as Answer;
  const keyed = async (operation: string, request: object) =>
    bodyOf(await call(operation, { ...request, key: newId() }));
  return {
    call,
    bestSellers,
    buy: async (productId: string, quantity: number): Promise<string> => {
      const body = { userId: 'alice', items: [{ productId, quantity }] };
      return String((await keyed('checkout', { body }))['orderId']);
    },
    refund: (orderId: string, items?: object[]) =>
      keyed('refundOrder', { params: { orderId }, body: { items, restock: true } }),
    /** Waits for an expected answer, which may follow the effect with a short delay. */
    until: async (expected: (answer: Answer) => boolean): Promise<void> =>
      waitUntil(async () => expected(await bestSellers()), 'the best sellers to change'),
  };
};

/** A shop with one user and three products. */
const openShop = async () => {
  const url = await createTestDatabase();
  const shop = startProcess(url);
  await shop.call('putUser', { params: { userId: 'alice' } });
  const charge = { params: { userId: 'alice' }, body: { amount: 2_000_000 }, key: 'charge' };
  await shop.call('chargeWallet', charge);
  const create = async (name: string, price: number): Promise<string> =>
    String(
      bodyOf(await shop.call('createProduct', { body: { name, price, stock: 100_000 } }))[
        'productId'
      ],
    );
  const tea = await create('Tea', 10);
  const cup = await create('Cup', 20);
  const pot = await create('Pot', 30);
  return { url, shop, tea, cup, pot };
};

const unitsOf = ({ items }: Answer): [string, number][] =>
  items.map(({ productId, unitsSold }) => [productId, unitsSold]);

test('paid products are listed at once, with current name, price and stock', async () => {
  const { shop, tea, cup } = await openShop();
  expect((await shop.bestSellers()).items).toEqual([]);
  await shop.buy(tea, 2);
  await shop.buy(tea, 1);
  await shop.buy(cup, 3);
  await shop.until(({ items }) => items.length === 2);
  const body = { name: 'Green tea', price: 15, imageUrl: '/tea.png' };
  bodyOf(await shop.call('changeProduct', { params: { productId: tea }, body }));
  const { asOf, from, to, items } = await shop.bestSellers();
  expect(items).toEqual([
    {
      rank: 1,
      productId: cup,
      name: 'Cup',
      price: 20,
      imageUrl: null,
      stock: 99_997,
      unitsSold: 3,
      revenue: 60,
      orderCount: 1,
    },
    {
      rank: 2,
      productId: tea,
      ...body,
      stock: 99_997,
      unitsSold: 3,
      revenue: 30,
      orderCount: 2,
    },
  ]);
  expect(to).toEqual(asOf);
  expect(asOf.getTime() - from.getTime()).toBe(3 * DAY_MS);
  expect(unitsOf(await shop.bestSellers({ limit: 1 }))).toEqual([[cup, 3]]);
});

test('a revenue above the largest amount is shown as the largest amount, sorted exactly', async () => {
  const url = await createTestDatabase();
  const shop = startProcess(url, { ...TEST_SETTINGS, balanceMax: AMOUNT_MAX });
  const params = { userId: 'alice' };
  await shop.call('putUser', { params });
  const prices = [AMOUNT_MAX - 2, AMOUNT_MAX, AMOUNT_MAX - 1];
  const productIds: string[] = [];
  for (const price of prices) {
    const body = { name: 'Tea', price, stock: 2 };
    const productId = String(bodyOf(await shop.call('createProduct', { body }))['productId']);
    productIds.push(productId);
    for (const turn of ['one', 'two']) {
      const key = `${productId} ${turn}`;
      bodyOf(await shop.call('chargeWallet', { params, body: { amount: price }, key }));
      await shop.buy(productId, 1);
    }
  }
  await shop.until(
    ({ items }) => items.every(({ unitsSold }) => unitsSold === 2) && items.length === 3,
  );
  expect((await shop.bestSellers()).items).toMatchObject(
    [productIds[1], productIds[2], productIds[0]].map((productId) => ({
      productId,
      revenue: AMOUNT_MAX,
    })),
  );
});

test('an order is in windows that were not read before', async () => {
  const { shop, tea } = await openShop();
  for (const [index, days] of [1, 2, 3, 7, 30].entries()) {
    await shop.buy(tea, 1);
    await expect
      .poll(async () => unitsOf(await shop.bestSellers({ days })), PATIENCE)
      .toEqual([[tea, index + 1]]);
  }
});

test('after a refund, the next answer of every process excludes the refunded sales', async () => {
  const { url, shop, tea, cup } = await openShop();
  const other = startProcess(url);
  const orderId = await shop.buy(tea, 9);
  await shop.buy(tea, 1);
  await shop.buy(cup, 2);
  for (const each of [shop, other]) await each.until(({ items }) => items[0]?.unitsSold === 10);
  for (let left = 9; left > 1; left--) {
    await shop.refund(orderId, [{ productId: tea, quantity: 1 }]);
    for (const each of [other, shop]) {
      const { items } = await each.bestSellers();
      expect(items.find(({ productId }) => productId === tea)?.unitsSold).toBe(left);
    }
  }
  expect((await shop.bestSellers()).items).toMatchObject([
    { productId: cup, unitsSold: 2, revenue: 40, orderCount: 1 },
    { productId: tea, unitsSold: 2, revenue: 20, orderCount: 2 },
  ]);
  await shop.refund(orderId);
  const { items } = await shop.bestSellers();
  expect(items[1]).toMatchObject({ unitsSold: 1, revenue: 10, orderCount: 1 });
  await assertInvariants(url);
});

test('two processes agree while both sell, and their sums match the orders', async () => {
  const { url, shop, tea, cup, pot } = await openShop();
  const other = startProcess(url);
  const sell = async ({ buy, refund, bestSellers }: typeof shop, seed: number): Promise<void> => {
    for (let round = 0; round < 40; round++) {
      const product = [tea, cup, pot][(round * seed) % 3]!;
      const orderId = await buy(product, 1 + ((round * seed) % 4));
      if (round % 5 === 0) await refund(orderId);
      if (round % 3 === 0) await bestSellers();
    }
  };
  await Promise.all([sell(shop, 1), sell(shop, 2), sell(other, 5), sell(other, 7)]);
  const client = await connect(url);
  const { rows } = await client.query<{ product_id: string; units: number }>(`
    select product_id, sum(quantity - refunded_quantity)::int as units from orders.lines
    group by product_id order by 2 desc, sum((quantity - refunded_quantity) * unit_price) desc, 1`);
  const expected = rows.map((row): [string, number] => [row.product_id, row.units]);
  for (const each of [shop, other]) {
    await expect.poll(async () => unitsOf(await each.bestSellers()), PATIENCE).toEqual(expected);
  }
  expect((await other.bestSellers()).items).toEqual((await shop.bestSellers()).items);
  await assertInvariants(url);
});

test('the instant is less than a second old, also while a transaction stays open', async () => {
  const { url, shop, tea } = await openShop();
  const client = await connect(url);
  const ageMs = async ({ asOf }: Answer): Promise<number> => {
    const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
    return rows[0]!.now.getTime() - asOf.getTime();
  };
  const slow = await connect(url);
  await slow.query('begin; select pg_current_xact_id()');
  let last = 0;
  for (let round = 1; round <= 5; round++) {
    await shop.buy(tea, 1);
    await shop.until(({ items }) => items[0]?.unitsSold === round);
    const readAge = async () => ageMs(await shop.bestSellers());
    await expect.poll(readAge, PATIENCE).toBeLessThan(1_000);
    const { asOf } = await shop.bestSellers();
    expect(asOf.getTime()).toBeGreaterThan(last);
    last = asOf.getTime();
  }
  await slow.query('rollback');
  await shop.until(({ asOf }) => asOf.getTime() > last + 500);
  expect(unitsOf(await shop.bestSellers())).toEqual([[tea, 5]]);
});

test('an order that commits late is counted after its commit, at its own time', async () => {
  const { url, shop, tea, cup } = await openShop();
  const slow = await connect(url);
  await slow.query('begin; select pg_current_xact_id()');
  const { rows } = await slow.query<{ time: Date }>(
    "select date_trunc('milliseconds', clock_timestamp()) as time",
  );
  const { time } = rows[0]!;
  await shop.buy(cup, 1);
  await shop.until(({ items, asOf }) => items.length === 1 && asOf > time);
  const items = [{ productId: tea, quantity: 7, lineTotal: 70 }];
  await slow.query(
    `insert into journal.events (event_id, type, subject, time, data)
     values (gen_random_uuid(), 'order.paid.v1', 'late', $1, $2)`,
    [time, JSON.stringify({ items, paidAt: time })],
  );
  await shop.buy(cup, 1);
  await shop.until(({ items: [first] }) => first?.productId === cup && first.unitsSold === 2);
  await slow.query('commit');
  await shop.until(({ items: [first] }) => first?.productId === tea);
  expect(unitsOf(await shop.bestSellers())).toEqual([
    [tea, 7],
    [cup, 2],
  ]);
  const { rows: recorded } = await slow.query(
    'select from bestseller.sales where paid_at = $1 and units = 7',
    [time],
  );
  expect(recorded).toHaveLength(1);
});

test('the audit finds sales that do not match the orders, recorded or not', async () => {
  const { url, shop, tea, cup } = await openShop();
  const client = await connect(url);
  const violations = async (): Promise<number> => {
    const findings = await checkInvariants(client);
    return findings.find(({ invariant }) => invariant === 'B1')!.violations.length;
  };
  const orderId = await shop.buy(tea, 5);
  await shop.buy(cup, 1);
  await shop.until(({ items }) => items.length === 2);
  expect(await violations()).toBe(0);

  await client.query('update bestseller.sales set units = 4 where units = 5');
  // The product's sum is wrong and differs from the day's sum.
  expect(await violations()).toBe(2);
  await client.query('update bestseller.days set units = 4 where units = 5');
  expect(await violations()).toBe(1);
  await client.query(`
    update bestseller.sales set units = 5 where units = 4;
    update bestseller.days set units = 5 where units = 4`);
  expect(await violations()).toBe(0);

  // Orders that arrive while the cursor is locked are counted as well.
  await client.query('begin; select from journal.cursors for update');
  await shop.refund(orderId, [{ productId: tea, quantity: 2 }]);
  await shop.buy(cup, 2);
  expect(await violations()).toBe(0);
  await client.query('rollback');
  await shop.until(({ items }) => items[0]?.unitsSold === 3);
  expect(await violations()).toBe(0);
});

import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { startSystem } from '../../src/system.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { bodyOf, createOperations } from '../support/operations.ts';
import { startPostgresProxy, type Message } from '../support/postgres-proxy.ts';
import { TEST_SETTINGS } from '../support/settings.ts';

const PRICE = 100;
const STOCK = 1_000;
const CHARGED = PRICE * STOCK;
/** More messages than a checkout has, as a bound for the loop. */
const MESSAGES_MAX = 500;

/** A shop with one user and one product, behind a proxy that can cut connections. */
const startShop = async () => {
  const direct = await createTestDatabase();
  const proxy = await startPostgresProxy(direct);
  const system = startSystem(proxy.url, TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const alice = { userId: 'alice' };
  await call('putUser', { params: alice });
  await call('chargeWallet', { params: alice, body: { amount: CHARGED }, key: 'charge' });
  const tea = { name: 'Tea', price: PRICE, stock: STOCK };
  const { productId } = bodyOf(await call('createProduct', { body: tea }));
  const client = new Client({ connectionString: direct });
  await client.connect();
  onTestFinished(() => client.end());
  return {
    direct,
    proxy,
    client,
    checkout: (key: string) => {
      const items = [{ productId, quantity: 1 }];
      return call('checkout', { body: { ...alice, items }, key });
    },
  };
};

/** Loops of the system send messages on other connections at any time. */
const isOfLane = ({ application }: Message): boolean => application === 'moa lane';

/** The numbers of sales in the tables. */
const readSales = async (client: Client): Promise<object> => {
  const { rows } = await client.query<object>(`
    select
      (select count(*)::int from orders.orders where status = 'paid') as orders,
      (select count(*)::int from journal.events where type = 'order.paid.v1') as events,
      (select count(*)::int from wallet.transfers where kind = 'payment') as payments,
      (select on_hand::int from catalog.products) as stock,
      (select balance::int from wallet.wallets) as balance`);
  return rows[0]!;
};

test.for<Message['from']>(['client', 'server'])(
  'a checkout has its effect once after a cut at any message of the %s',
  async (from) => {
    const { direct, proxy, client, checkout } = await startShop();
    let message = 0;
    let orders = 0;
    for (let cut = true; cut; orders++) {
      message++;
      let count = 0;
      const cuts = proxy.cuts();
      proxy.cutAt(
        (each) => isOfLane(each) && each.from === from && ++count === message && 'instead',
      );
      const key = newId();
      const first = await checkout(key);
      proxy.cutAt(() => false);
      cut = proxy.cuts() > cuts;
      expect(bodyOf(first)['status'], `message ${message}`).toBe('paid');

      const again = await checkout(key);
      expect(again).toEqual({ ...first, replayed: true });
      const sold = orders + 1;
      expect(await readSales(client), `message ${message}`).toEqual({
        orders: sold,
        events: sold,
        payments: sold,
        stock: STOCK - sold,
        balance: CHARGED - sold * PRICE,
      });
      await assertInvariants(direct);
      expect(message).toBeLessThan(MESSAGES_MAX);
    }
    process.stdout.write(`faults: ${message - 1} messages of the ${from} were cut off\n`);
    // A checkout has more messages than this; fewer mean that the proxy missed some.
    expect(message).toBeGreaterThan(12);
  },
);

test('a checkout has its effect once after several cuts in a row', async () => {
  const { direct, proxy, client, checkout } = await startShop();
  const key = newId();
  // Later each time, and always before a checkout's messages have all been sent.
  const gaps = [8, 11, 14, 17];
  const arm = (): void => {
    const gap = gaps.shift();
    let count = 0;
    proxy.cutAt((each) => {
      const counts = gap !== undefined && isOfLane(each) && each.from === 'client';
      if (!counts || ++count < gap) return false;
      queueMicrotask(arm);
      return 'instead';
    });
  };
  arm();
  const first = await checkout(key);
  expect(bodyOf(first)['status']).toBe('paid');
  expect(proxy.cuts()).toBe(4);
  expect(await checkout(key)).toEqual({ ...first, replayed: true });
  expect(await readSales(client)).toMatchObject({ orders: 1, events: 1, payments: 1 });
  await assertInvariants(direct);
});

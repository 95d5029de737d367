import * as fc from 'fast-check';
import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { startTestAuditor } from '../../../test/support/auditor.ts';
import { assertInvariants, createTestDatabase } from '../../../test/support/database.ts';
import { createOperations } from '../../../test/support/operations.ts';
import { queryColumn } from '../../../test/support/queries.ts';
import { casesOf, sampleSeeded } from '../../../test/support/seed.ts';
import { TEST_SETTINGS } from '../../../test/support/settings.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { startSystem } from '../../system.ts';

const USERS = 6;
const PRODUCTS = 5;
/** Batches of concurrent commands; after each one a round. */
const BATCHES = casesOf(15);
/** So many that commands with a small part of the kinds have an effect too. */
const PER_BATCH = 80;

const KINDS = [
  'checkout',
  'checkout',
  'checkout',
  'checkoutCart',
  'placeOrder',
  'placeOrder',
  'placeOrder',
  'payOrder',
  'payOrder',
  'cancelOrder',
  'cancelOrder',
  'refundOrder',
  'refundOrder',
  'chargeWallet',
  'withdrawFromWallet',
  'adjustStock',
  'setCartItem',
  'changeProduct',
] as const;

/** A command with the places of its subjects; each kind uses some of the fields. */
const command = fc.record({
  kind: fc.constantFrom(...KINDS),
  user: fc.nat(USERS - 1),
  product: fc.nat(PRODUCTS - 1),
  order: fc.nat(1_000),
  items: fc.uniqueArray(fc.nat(PRODUCTS - 1), { minLength: 1, maxLength: 3 }),
  quantity: fc.integer({ min: 1, max: 4 }),
  amount: fc.integer({ min: 1, max: 5_000 }),
  sku: fc.constantFrom('A', 'B', 'C', null),
  restock: fc.boolean(),
});
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

test('rounds during and after mixed load on two processes raise no false alarm', async () => {
  const url = await createTestDatabase();
  const systems = [0, 1].map(() => {
    const system = startSystem(url, TEST_SETTINGS);
    onTestFinished(system.close);
    return createOperations(system.routes);
  });
  const [call] = systems as [(typeof systems)[0]];
  const bodyOf = async (operation: string, input: object) => {
    const reply = await call(operation, input);
    if (reply.kind !== 'answer') throw new Error(`${operation}: ${JSON.stringify(reply)}`);
    return JSON.parse(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body)) as {
      productId: string;
      orderId?: string;
    };
  };
  const users = Array.from({ length: USERS }, () => v7());
  for (const userId of users) {
    await bodyOf('putUser', { params: { userId }, body: {} });
    await bodyOf('chargeWallet', { params: { userId }, body: { amount: 500_000 } });
  }
  const products: string[] = [];
  for (let index = 0; index < PRODUCTS; index++) {
    const body = { name: `Mug ${index}`, price: 10 + index, stock: 5_000 };
    products.push((await bodyOf('createProduct', { body })).productId);
  }
  const orders: string[] = [];
  const outcomes = new Map<string, number>();

  const send = async (given: Command, index: number) => {
    const { quantity, amount, sku, restock } = given;
    const orderId = orders[given.order % Math.max(1, orders.length)] ?? v7();
    const userId = users[given.user];
    const productId = products[given.product];
    const items = given.items.map((place) => ({ productId: products[place], quantity }));
    const orderRequest = { body: { userId, items } };
    const input = {
      checkout: orderRequest,
      placeOrder: orderRequest,
      checkoutCart: { body: { userId } },
      payOrder: { params: { orderId } },
      cancelOrder: { params: { orderId } },
      refundOrder: { params: { orderId }, body: { restock } },
      chargeWallet: { params: { userId }, body: { amount } },
      withdrawFromWallet: { params: { userId }, body: { amount } },
      adjustStock: { params: { productId }, body: { delta: quantity, reason: 'counted' } },
      setCartItem: { params: { userId, productId }, body: { quantity } },
      changeProduct: { params: { productId }, body: { price: quantity, sku } },
    }[given.kind];
    const operation = given.kind === 'checkoutCart' ? 'checkout' : given.kind;
    const reply = await systems[index % 2]!(operation, input);
    const outcome = reply.kind === 'answer' ? 'done' : 'refused';
    outcomes.set(`${given.kind} ${outcome}`, (outcomes.get(`${given.kind} ${outcome}`) ?? 0) + 1);
    if (reply.kind === 'answer' && typeof reply.body === 'string') {
      const made = JSON.parse(reply.body) as { orderId?: string };
      if (made.orderId !== undefined && !orders.includes(made.orderId)) orders.push(made.orderId);
    }
  };

  const auditor = startTestAuditor(url);
  const commands = sampleSeeded('audit storm', command, BATCHES * PER_BATCH);
  for (let batch = 0; batch < BATCHES; batch++) {
    const own = commands.slice(batch * PER_BATCH, (batch + 1) * PER_BATCH);
    const sent = Promise.all(own.map(send));
    expect(await auditor.prove(), `during batch ${batch}`).toEqual([]);
    await sent;
    expect(await auditor.prove(), `after batch ${batch}`).toEqual([]);
  }
  const kinds = new Set([...outcomes.keys()].filter((each) => each.endsWith(' done')));
  expect([...kinds].toSorted()).toEqual(
    [...new Set(KINDS)].map((kind) => `${kind} done`).toSorted(),
  );

  await waitUntil(async () => {
    expect(await auditor.prove()).toEqual([]);
    const [isProven] = await queryColumn(
      url,
      'select position >= (select max(position) from journal.events) from audit.progress',
    );
    return isProven === 'true';
  }, 'every event proven');
  await assertInvariants(url);
});

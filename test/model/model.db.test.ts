import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reply } from '../../src/contract/index.ts';
import { newId } from '../../src/database/ids.ts';
import { startSystem, type System } from '../../src/system.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { casesOf } from '../support/seed.ts';
import { TEST_SETTINGS } from '../support/settings.ts';
import { RESERVATION_MS, history, type ModelCommand } from './commands.ts';
import { bodyOf, createDoor, createNames, createProduct } from './door.ts';
import { createModel } from './model.ts';

const SEQUENCES = casesOf(1_000);
const SETTINGS = {
  ...TEST_SETTINGS,
  balanceMax: 10_000,
  pendingMax: 2,
  reservationMs: RESERVATION_MS,
};
const USERS = ['u0', 'u1', 'u2', 'stranger'];
const PRODUCTS = new Map([
  ['p0', { price: 100, stock: 5 }],
  ['p1', { price: 250, stock: 2 }],
  ['p2', { price: 4_000, stock: 50 }],
]);

const QUOTED =
  '201 201-again user_not_found product_not_found cart_empty product_unavailable ' +
  'total_changed insufficient_stock idempotency_key_reused';
const ON_ORDER = '201 201-again order_not_found order_not_pending order_expired';

/** The possible outcomes of each command; a run must see all of them. */
const OUTCOMES: Readonly<Record<ModelCommand['kind'], string>> = {
  register: '200 201',
  charge: '201 201-again user_not_found balance_limit_exceeded idempotency_key_reused',
  withdraw: '201 201-again user_not_found insufficient_balance idempotency_key_reused',
  adjust: '201 201-again product_not_found insufficient_stock idempotency_key_reused',
  change: '200 product_not_found',
  checkout: `${QUOTED} insufficient_balance`,
  place: `${QUOTED} too_many_pending_orders`,
  pay: `${ON_ORDER} insufficient_balance idempotency_key_reused`,
  cancel: `${ON_ORDER} idempotency_key_reused`,
  refund:
    '201 201-again order_not_found order_not_refundable refund_exceeds_order ' +
    'idempotency_key_reused',
  expire: '200',
  add: '200 user_not_found product_not_found product_unavailable cart_quantity_exceeded',
  remove: '200 user_not_found',
};
const LABELS = Object.entries(OUTCOMES).flatMap(([kind, outcomes]) =>
  outcomes.split(' ').map((outcome) => `${kind} ${outcome}`),
);

/** A reply in the form of the model: only the figures that the model knows, with names for ids. */
const inModelWords = (reply: Reply, figures: object, ids: ReadonlyMap<string, string>) => {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const given = reply.kind === 'problem' ? (reply.members ?? {}) : bodyOf(reply);
  // The order of fields does not matter, and fields unknown to the model are not compared.
  const chosen = Object.fromEntries(
    Object.keys(figures).map((name) => [name, (given as Record<string, unknown>)[name]]),
  );
  return {
    outcome: reply.kind === 'problem' ? reply.code : reply.status,
    figures: JSON.parse(JSON.stringify(chosen), (_, each: unknown) =>
      typeof each === 'string' ? (names.get(each) ?? each) : each,
    ) as object,
    replayed: reply.kind === 'answer' && reply.replayed === true,
  };
};

/** Counts the outcomes. */
const createCoverage = () => {
  const counts = new Map<string, number>();
  return {
    count: (label: string): void => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
    },
    labels: (): string[] => [...counts.keys()].toSorted(),
    print: (): void => {
      const lines = LABELS.map((label) => `  ${label}: ${counts.get(label) ?? 0}`);
      process.stdout.write(`outcomes:\n${lines.join('\n')}\n`);
    },
  };
};

test('commands in concurrent batches are answered as if they ran one at a time', async () => {
  const url = await createTestDatabase();
  let aheadMs = 0;
  const timeOf = (time: Date) => new Date(time.getTime() + aheadMs);
  // Like two processes on one database.
  const systems = [startSystem(url, SETTINGS, { timeOf }), startSystem(url, SETTINGS, { timeOf })];
  const coverage = createCoverage();
  let runs = 0;

  const property = fc.asyncProperty(history, async (batches) => {
    const run = `run ${++runs}`;
    const { ids, idOf, name, known } = createNames();
    for (const [product, { price, stock }] of PRODUCTS) {
      name(product, await createProduct(systems[0]!, { name: product, price, stock }));
    }
    for (const each of [...USERS, 'absent']) name(each, newId());
    const model = createModel(SETTINGS, PRODUCTS);
    const door = createDoor(idOf, run);
    const firstAnswers = new Map<string, unknown>();

    for (const [number, { stepMs, commands: drawn }] of batches.entries()) {
      const commands = drawn.map(known);
      aheadMs += stepMs;
      model.putForward(stepMs);
      const system = systems[number % systems.length]!;
      const replies = await Promise.all(commands.map((given) => door(system, given)));
      for (const [index, given] of commands.entries()) {
        const { order, ...expected } = model.run(given);
        const reply = replies[index]!;
        expect(inModelWords(reply, expected.figures, ids)).toEqual(expected);
        coverage.count(`${given.kind} ${expected.outcome}${expected.replayed ? '-again' : ''}`);
        if (reply.kind !== 'answer') continue;
        if (order !== undefined) name(order, (bodyOf(reply) as { orderId: string }).orderId);
        if (!('key' in given)) continue;
        const first = firstAnswers.get(given.key) ?? reply.body;
        firstAnswers.set(given.key, first);
        expect(reply.body).toBe(first);
      }
    }
    await expectSameState(systems[0]!, model, ids);
  });
  const seed = Number(process.env['MOA_TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`model: ${SEQUENCES} histories, MOA_TEST_SEED=${seed}\n`);
  await fc.assert(property, { numRuns: SEQUENCES, seed });

  await Promise.all(systems.map((system) => system.close()));
  await assertInvariants(url);
  coverage.print();
  expect(coverage.labels()).toEqual(LABELS.toSorted());
});

const expectSameState = async (
  system: System,
  model: ReturnType<typeof createModel>,
  ids: ReadonlyMap<string, string>,
): Promise<void> => {
  const { rows } = await system.reads.query<{ id: string; value: string }>(
    `select user_id as id, balance::text as value from wallet.wallets where user_id = any($1)
     union all
     select product_id::text, (on_hand - reserved)::text from catalog.products
     where product_id::text = any($1)
     union all
     select order_id::text, status from orders.orders where order_id::text = any($1)
     union all
     select c.user_id || ' ' || (l ->> 'productId'), l ->> 'quantity'
     from cart.carts c, json_array_elements(c.lines) as l where c.user_id = any($1)`,
    [[...ids.values()]],
  );
  const stored = new Map(rows.map(({ id, value }) => [id, value]));
  const expected = new Map([
    ...[...model.balances].map(([name, balance]) => [name, String(balance)] as const),
    ...[...model.products].map(([name, { stock }]) => [name, String(stock)] as const),
    ...[...model.orders].map(([name, { status }]) => [name, status] as const),
  ]);
  const inCarts = [...model.carts].flatMap(([user, cart]) =>
    [...cart].map(
      ([product, quantity]) => [`${ids.get(user)} ${ids.get(product)}`, String(quantity)] as const,
    ),
  );
  expect(new Map([...stored].filter(([id]) => id.includes(' ')))).toEqual(new Map(inCarts));
  expect(new Map([...expected].map(([name]) => [name, stored.get(ids.get(name)!)]))).toEqual(
    expected,
  );
  expect(stored.size).toBe(expected.size + inCarts.length);
};

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '../../src/commit/index.ts';
import type { Caller, Reply, Route } from '../../src/contract/index.ts';
import { startSystem, type System } from '../../src/system.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { createModel, type ModelCommand } from './shop-model.ts';

const SEQUENCES = 1_000;
const BALANCE_MAX = 10_000;
const SETTINGS = { currency: 'KRW', balanceMax: BALANCE_MAX, selfCharge: true };
const CALLER: Caller = { role: 'service', userId: 'model' };

const PRODUCTS = new Map([
  ['p0', { price: 100, stock: 5 }],
  ['p1', { price: 250, stock: 2 }],
  ['p2', { price: 4_000, stock: 50 }],
]);

const user = fc.constantFrom('u0', 'u1', 'u2', 'stranger');
const product = fc.constantFrom('p0', 'p1', 'p2', 'absent');
const key = fc.constantFrom('k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7');
const amount = fc.integer({ min: 1, max: 6_000 });
const item = fc.record({ product, quantity: fc.integer({ min: 1, max: 4 }) });

const command: fc.Arbitrary<ModelCommand> = fc.oneof(
  fc.record({ kind: fc.constant('register'), user: fc.constantFrom('u0', 'u1', 'u2') }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('charge'), user, amount, key }) },
  fc.record({ kind: fc.constant('withdraw'), user, amount, key }),
  fc.record({
    kind: fc.constant('adjust'),
    product,
    delta: fc.integer({ min: -4, max: 4 }).filter((delta) => delta !== 0),
    key,
  }),
  fc.record(
    {
      kind: fc.constant('change'),
      product,
      price: fc.integer({ min: 1, max: 500 }),
      status: fc.constantFrom('active', 'active', 'archived'),
    },
    { requiredKeys: ['kind', 'product', 'price'] },
  ),
  {
    weight: 6,
    arbitrary: fc.record(
      {
        kind: fc.constant('checkout'),
        user,
        items: fc.array(item, { minLength: 1, maxLength: 3 }),
        expectedTotal: fc.integer({ min: 1, max: 3_000 }),
        key,
      },
      { requiredKeys: ['kind', 'user', 'items', 'key'] },
    ),
  },
) as fc.Arbitrary<ModelCommand>;

/** A command, or one of those before it once more, as a client that got no answer sends it. */
const step = fc.oneof(
  { weight: 4, arbitrary: command.map((given) => (): ModelCommand => given) },
  fc.nat().map(
    (back) =>
      (before: readonly ModelCommand[], given: ModelCommand): ModelCommand =>
        before[back % Math.max(before.length, 1)] ?? given,
  ),
);

/** So that most histories have somebody with money in them. */
const BEGINNING: readonly ModelCommand[] = [
  { kind: 'register', user: 'u0' },
  { kind: 'register', user: 'u1' },
  { kind: 'charge', user: 'u0', amount: 5_000, key: 'k0' },
];

/** Batches of commands: those of one batch are sent at once, in order. */
const history = fc
  .array(fc.array(fc.tuple(step, command), { minLength: 2, maxLength: 8 }), {
    minLength: 2,
    maxLength: 5,
  })
  .map((batches) => {
    const before = [...BEGINNING];
    const chosenBatches = batches.map((batch) =>
      batch.map(([choose, otherwise]) => {
        const chosen = choose(before, otherwise);
        before.push(chosen);
        return chosen;
      }),
    );
    return [BEGINNING, ...chosenBatches];
  });

/** Every way in which these commands can end; a run that misses one has tested too little. */
const OUTCOMES = [
  ...['201', '201 again', 'product_not_found', 'insufficient_stock', 'idempotency_key_reused'].map(
    (outcome) => `adjust ${outcome}`,
  ),
  ...['200', 'product_not_found'].map((outcome) => `change ${outcome}`),
  ...['201', '201 again', 'user_not_found', 'balance_limit_exceeded', 'idempotency_key_reused'].map(
    (outcome) => `charge ${outcome}`,
  ),
  ...['201', '201 again', 'user_not_found', 'insufficient_balance', 'idempotency_key_reused'].map(
    (outcome) => `withdraw ${outcome}`,
  ),
  ...[
    ...['201', '201 again', 'user_not_found', 'product_not_found', 'product_unavailable'],
    ...['total_changed', 'insufficient_stock', 'insufficient_balance', 'idempotency_key_reused'],
  ].map((outcome) => `checkout ${outcome}`),
  ...['200', '201'].map((outcome) => `register ${outcome}`),
];

let system: System;

const routeOf = (operation: string): Route =>
  system.routes.find((route) => route.operation === operation)!;

/** Calls the system with names of this run in place of the model's. */
const createDoor = (ids: ReadonlyMap<string, string>, run: string) => {
  const idOf = (name: string): string => ids.get(name)!;
  const call = (operation: string, params: object, body: object, keyName?: string) =>
    routeOf(operation).handle({
      params,
      query: {},
      body,
      caller: CALLER,
      idempotencyKey: keyName === undefined ? undefined : `${run} ${keyName}`,
    });
  return (given: ModelCommand): Promise<Reply> => {
    switch (given.kind) {
      case 'register':
        return call('putUser', { userId: idOf(given.user) }, {});
      case 'charge':
      case 'withdraw': {
        const operation = given.kind === 'charge' ? 'chargeWallet' : 'withdrawFromWallet';
        const { amount: moved } = given;
        return call(operation, { userId: idOf(given.user) }, { amount: moved }, given.key);
      }
      case 'adjust': {
        const body = { delta: given.delta, reason: 'model' };
        return call('adjustStock', { productId: idOf(given.product) }, body, given.key);
      }
      case 'change': {
        const { kind: _, product: name, ...body } = given;
        return call('changeProduct', { productId: idOf(name) }, body);
      }
      case 'checkout': {
        const { kind: _, user: name, items, key: keyName, ...rest } = given;
        const wanted = items.map((each) => ({
          productId: idOf(each.product),
          quantity: each.quantity,
        }));
        const body = { userId: idOf(name), items: wanted, ...rest };
        return call('checkout', {}, body, keyName);
      }
    }
  };
};

const createProducts = async (): Promise<Map<string, string>> => {
  const ids = new Map<string, string>();
  for (const [name, { price, stock }] of PRODUCTS) {
    const reply = await routeOf('createProduct').handle({
      params: {},
      query: {},
      body: { name, price, stock },
      caller: CALLER,
      idempotencyKey: undefined,
    });
    if (reply.kind !== 'answer') throw new Error(`no product: ${reply.code}`);
    ids.set(name, (JSON.parse(String(reply.body)) as { productId: string }).productId);
  }
  return ids.set('absent', newId());
};

/** The same reply in the model's words: its figures only, ids by their names in the model. */
const inModelWords = (
  reply: Reply,
  figures: object,
  names: ReadonlyMap<string, string>,
): { outcome: number | string; figures: object; replayed: boolean } => {
  const rename = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, each: unknown) =>
      typeof each === 'string' ? (names.get(each) ?? each) : each,
    );
  const given =
    reply.kind === 'problem'
      ? (reply.members ?? {})
      : ((typeof reply.body === 'string' ? JSON.parse(reply.body) : reply.body) as object);
  // The order of fields means nothing; fields that the model does not know are not compared.
  const chosen = Object.fromEntries(
    Object.keys(figures).map((name) => [name, (given as Record<string, unknown>)[name]]),
  );
  return {
    outcome: reply.kind === 'problem' ? reply.code : reply.status,
    figures: rename(chosen) as object,
    replayed: reply.kind === 'answer' && reply.replayed === true,
  };
};

test('any commands in any batches are answered as if they came one at a time', async () => {
  const url = await createTestDatabase();
  system = startSystem(url, SETTINGS);
  const outcomes = new Set<string>();
  let runs = 0;

  const property = fc.asyncProperty(history, async (batches) => {
    const run = `run ${++runs}`;
    const ids = await createProducts();
    for (const name of ['u0', 'u1', 'u2', 'stranger']) ids.set(name, newId());
    const names = new Map([...ids].map(([name, id]) => [id, name]));
    const model = createModel(BALANCE_MAX, PRODUCTS);
    const door = createDoor(ids, run);
    const firstAnswers = new Map<string, unknown>();

    for (const batch of batches) {
      const replies = await Promise.all(batch.map(door));
      for (const [index, given] of batch.entries()) {
        const expected = model.run(given);
        const reply = replies[index]!;
        expect(inModelWords(reply, expected.figures, names)).toEqual(expected);
        const label = `${given.kind} ${expected.outcome}${expected.replayed ? ' again' : ''}`;
        outcomes.add(label);
        if (reply.kind === 'answer' && 'key' in given) {
          const first = firstAnswers.get(given.key) ?? reply.body;
          firstAnswers.set(given.key, first);
          expect(reply.body).toBe(first);
        }
      }
    }
    await expectSameState(model, ids);
  });
  const seed = Number(process.env['MOA_TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`model: ${SEQUENCES} histories, MOA_TEST_SEED=${seed}\n`);
  await fc.assert(property, { numRuns: SEQUENCES, seed });

  await system.close();
  await assertInvariants(url);
  expect([...outcomes].toSorted()).toEqual(OUTCOMES.toSorted());
});

const expectSameState = async (
  model: ReturnType<typeof createModel>,
  ids: ReadonlyMap<string, string>,
): Promise<void> => {
  const { rows: stored } = await system.reads.query<{ id: string; value: string }>(
    `select user_id as id, balance as value from wallet.wallets where user_id = any($1)
     union all
     select product_id::text, on_hand - reserved from catalog.products
     where product_id::text = any($1)`,
    [[...ids.values()]],
  );
  const state = new Map(stored.map(({ id, value }) => [id, Number(value)]));
  for (const [name, balance] of model.balances) expect(state.get(ids.get(name)!)).toBe(balance);
  for (const [name, { stock }] of model.products) expect(state.get(ids.get(name)!)).toBe(stock);
  expect(state.size).toBe(model.balances.size + model.products.size);
};

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { sampleSeeded } from '../support/seed.ts';
import { faultsOf, startProcesses } from '../support/services.ts';
import { createProduct, registerUsers, tally } from '../support/api-calls.ts';

const COMMANDS = 1_000;
const USERS = 8;
const PRODUCTS = 6;

/** Few users and products, so that commands conflict and some are refused. */
const user = fc.nat(USERS - 1);
const product = fc.nat(PRODUCTS - 1);
const amount = fc.integer({ min: 1, max: 20_000 });
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('checkout' as const),
      user,
      items: fc.array(product, { minLength: 1, maxLength: PRODUCTS }),
    }),
  },
  fc.record({ kind: fc.constantFrom('charges' as const, 'withdrawals' as const), user, amount }),
  fc.record({
    kind: fc.constant('adjustment' as const),
    product,
    delta: fc.constantFrom(-40, 60),
  }),
);

test('mixed commands on two processes with two lanes each neither fail nor deadlock', async () => {
  const commands = sampleSeeded('mixed load', command, COMMANDS);
  const databaseUrl = await createTestDatabase();
  const clients = await startProcesses(databaseUrl, 2, { MOA_LANES: '2', MOA_BATCH_MAX: '16' });
  const users = await registerUsers(clients[0], USERS, 10_000);
  const products = await Promise.all(
    Array.from({ length: PRODUCTS }, () => createProduct(clients[0], { price: 100, stock: 50 })),
  );

  const answers = await Promise.all(
    commands.map((given, index) => {
      const client = clients[index % 2]!;
      switch (given.kind) {
        case 'checkout': {
          const items = given.items.map((place) => ({ productId: products[place], quantity: 1 }));
          return client.post('/v1/checkout', { userId: users[given.user], items });
        }
        case 'charges':
        case 'withdrawals': {
          const path = `/v1/users/${users[given.user]}/wallet/${given.kind}`;
          return client.post(path, { amount: given.amount });
        }
        case 'adjustment': {
          const path = `/v1/products/${products[given.product]}/stock-adjustments`;
          return client.post(path, { delta: given.delta, reason: 'counted' });
        }
      }
    }),
  );

  expect(Object.keys(tally(answers)).toSorted()).toEqual([
    '201',
    '409 insufficient_balance',
    '409 insufficient_stock',
  ]);
  // A deadlock is retried and the answer is normal, but the fault is logged.
  expect(faultsOf(clients)).toEqual([]);
  await assertInvariants(databaseUrl);
});

import { expect } from 'vitest';
import { assertInvariants, createFileDatabase } from '../support/database.ts';
import { faultsOf, startProcesses } from '../support/services.ts';
import { testsOfOne } from '../support/tests-of-one.ts';
import { balanceOf, createProduct, registerUsers, stockOf, tally } from '../support/api-calls.ts';

const CHECKOUTS = 1_000;
const USERS = 200;
const UNITS = 100;
const PRICE = 1_000;

/** Small batches, so that the batches of two processes alternate often. */
const ENVIRONMENT = { MOA_BATCH_MAX: '25' };

const testOnServices = testsOfOne(async (onEnd) => {
  const databaseUrl = await createFileDatabase();
  const clients = await startProcesses(databaseUrl, 2, ENVIRONMENT, onEnd);
  return { databaseUrl, clients };
});

testOnServices(
  'of 1,000 checkouts 100 get the last 100 units, on one process and on two',
  async ({ shared }) => {
    const { databaseUrl, clients } = shared;
    const users = await registerUsers(clients[0], USERS, 2 * CHECKOUTS);

    for (const serving of [clients.slice(0, 1), clients]) {
      const productId = await createProduct(clients[0], { price: 1, stock: UNITS });

      const answers = await Promise.all(
        Array.from({ length: CHECKOUTS }, (_, index) =>
          // The processes share no user, so only the product's lock is contended.
          serving[index % serving.length]!.post('/v1/checkout', {
            userId: users[index % USERS],
            items: [{ productId, quantity: 1 }],
          }),
        ),
      );

      expect(tally(answers)).toEqual({
        201: UNITS,
        '409 insufficient_stock': CHECKOUTS - UNITS,
      });
      const paid = answers.filter(({ status }) => status === 201);
      expect(new Set(paid.map(({ body }) => body['orderId'])).size).toBe(UNITS);
      for (const { status, body } of answers) {
        const members = { items: [{ productId, requested: 1, available: 0 }] };
        expect(body).toMatchObject(status === 201 ? { status: 'paid', total: 1 } : members);
      }
      for (const client of clients) expect(await stockOf(client, productId)).toBe(0);
      expect(faultsOf(clients)).toEqual([]);
      await assertInvariants(databaseUrl);
    }
  },
);

testOnServices(
  'of 1,000 checkouts 100 fit the balance, on one process and on two',
  async ({ shared }) => {
    const { databaseUrl, clients } = shared;
    // The processes share no product, so only the wallet's lock is contended.
    const products = await Promise.all(
      clients.map(() => createProduct(clients[0], { price: PRICE, stock: 2 * CHECKOUTS })),
    );

    for (const serving of [clients.slice(0, 1), clients]) {
      const [userId = ''] = await registerUsers(clients[0], 1, UNITS * PRICE);

      const answers = await Promise.all(
        Array.from({ length: CHECKOUTS }, (_, index) =>
          serving[index % serving.length]!.post('/v1/checkout', {
            userId,
            items: [{ productId: products[index % serving.length], quantity: 1 }],
          }),
        ),
      );

      expect(tally(answers)).toEqual({
        201: UNITS,
        '409 insufficient_balance': CHECKOUTS - UNITS,
      });
      const refused = answers.filter(({ status }) => status === 409);
      for (const { body } of refused) expect(body).toMatchObject({ balance: 0, required: PRICE });
      // Each order started from the balance that the previous one left.
      const balances = answers.flatMap(({ status, body }) =>
        status === 201 ? [Number(body['balance'])] : [],
      );
      expect(balances.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: UNITS }, (_, index) => index * PRICE),
      );
      for (const client of clients) expect(await balanceOf(client, userId)).toBe(0);
      expect(faultsOf(clients)).toEqual([]);
      await assertInvariants(databaseUrl);
    }
  },
);

import { expect, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { faultsOf, startServices } from '../support/services.ts';
import { balanceOf, createProduct, registerUsers, stockOf, tally } from '../support/api-calls.ts';

const CHECKOUTS = 1_000;
const USERS = 200;
const UNITS = 100;
const PRICE = 1_000;

/** Small batches, so that those of two processes alternate many times. */
const ENVIRONMENT = { MOA_BATCH_MAX: '25' };

test('the last 100 units go to 100 of 1,000 checkouts, on one process and on two', async () => {
  const databaseUrl = await createTestDatabase();
  const clients = await startServices(databaseUrl, 2, ENVIRONMENT);
  const users = await registerUsers(clients[0], USERS, 2 * CHECKOUTS);

  for (const serving of [clients.slice(0, 1), clients]) {
    const productId = await createProduct(clients[0], { price: 1, stock: UNITS });

    const answers = await Promise.all(
      Array.from({ length: CHECKOUTS }, (_, index) =>
        // The processes share no user, so that only the product makes them wait for each other.
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
});

test('a balance for 100 orders pays 100 of 1,000 checkouts, on one process and on two', async () => {
  const databaseUrl = await createTestDatabase();
  const clients = await startServices(databaseUrl, 2, ENVIRONMENT);
  // The processes share no product, so that only the wallet makes them wait for each other.
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
    // Each order saw the balance as the one before it had left it.
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
});

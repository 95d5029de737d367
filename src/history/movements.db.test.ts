import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { RESERVATION_MS, history } from '../../test/model/commands.ts';
import { createDoor, createNames, createProduct } from '../../test/model/door.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { casesOf } from '../../test/support/seed.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { encodeCursor } from '../contract/index.ts';
import { newId } from '../database/ids.ts';
import { startSystem } from '../system.ts';
import { readMovements, type WalkPlace } from './movements.ts';

const HISTORIES = casesOf(24);
const PRODUCTS = new Map([
  ['p0', { price: 100, stock: 5 }],
  ['p1', { price: 250, stock: 2 }],
  ['p2', { price: 4_000, stock: 50 }],
]);

interface Movement {
  readonly movementId: string;
  readonly sequence: string;
  readonly kind: string;
  readonly delta: number;
  readonly onHandDelta: number;
  readonly reservedDelta: number;
  readonly stockAfter: number;
  readonly reference: string | null;
  readonly orderId: string | null;
  readonly reason: string | null;
  readonly createdAt: Date;
}

/** The clock begins a day ago, so that a reservation can expire before the present. */
let aheadMs = -86_400_000;
const aheadOf = (time: Date): Date => new Date(time.getTime() + aheadMs);

const startShop = async (timeOf = aheadOf) => {
  const settings = { ...TEST_SETTINGS, balanceMax: 10_000, reservationMs: RESERVATION_MS };
  const system = startSystem(await createTestDatabase(), settings, { timeOf });
  onTestFinished(system.close);
  // By the database's clock, every reservation has expired. Stock must not move between two reads.
  await system.expiry.stop();
  const call = createOperations(system.routes);
  const list = async (productId: string, limit = 100): Promise<Movement[]> => {
    const seen: Movement[] = [];
    for (let cursor: unknown = undefined; cursor !== null;) {
      const query = { limit, ...(cursor === undefined ? {} : { cursor }) };
      const page = bodyOf(await call('listStockMovements', { params: { productId }, query }));
      seen.push(...(page['items'] as Movement[]));
      cursor = page['nextCursor'];
    }
    return seen;
  };
  const readAt = async (productId: string, time: number) => {
    const query = { at: new Date(time).toISOString() };
    return bodyOf(await call('getProduct', { params: { productId }, query }));
  };
  const create = (stock: number) => createProduct(system, { name: 'Mug', price: 100, stock });
  return { system, call, list, readAt, create };
};

test('after any history, movements and past products explain the stock', async () => {
  const { system, call, list, readAt } = await startShop();
  let runs = 0;

  const property = fc.asyncProperty(
    history,
    fc.integer({ min: 1, max: 7 }),
    async (steps, limit) => {
      const { idOf, name, known } = createNames();
      for (const [product, { price, stock }] of PRODUCTS) {
        name(product, await createProduct(system, { name: product, price, stock }));
      }
      for (const each of ['u0', 'u1', 'u2', 'stranger', 'absent']) name(each, newId());
      const door = createDoor(idOf, `run ${++runs}`);
      let orders = 0;
      for (const { stepMs, commands } of steps) {
        aheadMs += stepMs;
        const replies = await Promise.all(commands.map((given) => door(system, known(given))));
        for (const reply of replies.filter(({ kind }) => kind === 'answer')) {
          const { orderId, status } = bodyOf(reply);
          if (typeof orderId !== 'string' || status === undefined) continue;
          name(`order ${orders++}`, orderId);
        }
      }
      for (const product of PRODUCTS.keys()) {
        const productId = idOf(product);
        const movements = await list(productId, limit);
        const { rows } = await system.reads.query<{ stock: number; reserved: number }>(
          `select (on_hand - reserved)::int as stock, reserved::int as reserved
         from catalog.products where product_id = $1`,
          [productId],
        );
        expect(movements[0]?.stockAfter).toBe(rows[0]?.stock);
        let [stock, reserved] = [0, 0];
        for (const movement of movements.toReversed()) {
          stock += movement.delta;
          reserved += movement.reservedDelta;
          expect(movement.stockAfter).toBe(stock);
          expect(movement.delta).toBe(movement.onHandDelta - movement.reservedDelta);
        }
        expect({ stock, reserved }).toEqual(rows[0]);
        const sequences = movements.map(({ sequence }) => sequence);
        expect(sequences).toEqual([...new Set(sequences)].toSorted().toReversed());
        expect(movements.at(-1)).toMatchObject({ kind: 'created', reference: null });

        // The first of several movements at a time is the newest.
        const newest = new Map(movements.toReversed().map((each) => [+each.createdAt, each]));
        for (const [time, { stockAfter }] of newest) {
          expect((await readAt(productId, time))['stock']).toBe(stockAfter);
        }
        const current = bodyOf(await call('getProduct', { params: { productId } }));
        const { asOf, ...past } = await readAt(productId, Date.now());
        expect(past).toEqual(current);
        expect(asOf).toBeInstanceOf(Date);
      }
    },
  );
  const seed = Number(process.env['MOA_TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`movements: ${HISTORIES} histories, MOA_TEST_SEED=${seed}\n`);
  await fc.assert(property, { numRuns: HISTORIES, seed, endOnFailure: true });
});

test('a movement of each kind names what caused it', async () => {
  const { system, call, list, create } = await startShop();
  const productId = await create(10);
  await call('putUser', { params: { userId: 'alice' } });
  await call('chargeWallet', { params: { userId: 'alice' }, body: { amount: 1_000 } });
  await call('adjustStock', { params: { productId }, body: { delta: -1, reason: 'damaged' } });
  const body = { userId: 'alice', items: [{ productId, quantity: 3 }] };
  const bought = bodyOf(await call('checkout', { body }));
  const params = { orderId: bought['orderId'] };
  const refund = { restock: true, reason: 'broken' };
  const { refundId } = bodyOf(await call('refundOrder', { params, body: refund }));
  const place = async () => String(bodyOf(await call('placeOrder', { body }))['orderId']);
  const [paid, cancelled, expired] = [await place(), await place(), await place()];
  await call('payOrder', { params: { orderId: paid } });
  const why = { reason: 'ordered twice' };
  await call('cancelOrder', { params: { orderId: cancelled }, body: why });
  aheadMs += RESERVATION_MS + 1_000;
  await system.expiry.expire(expired);

  const { orderId } = params;
  const ofOrder = (id: unknown) => ({ reference: id, orderId: id, reason: null });
  const movements = await list(productId);
  expect(movements).toMatchObject([
    { kind: 'expired', delta: 3, stockAfter: 6, ...ofOrder(expired) },
    { kind: 'released', delta: 3, stockAfter: 3, ...ofOrder(cancelled), ...why },
    { kind: 'sold', delta: 0, onHandDelta: -3, reservedDelta: -3, stockAfter: 0, ...ofOrder(paid) },
    { kind: 'reserved', delta: -3, stockAfter: 0, ...ofOrder(expired) },
    { kind: 'reserved', delta: -3, stockAfter: 3, ...ofOrder(cancelled) },
    { kind: 'reserved', delta: -3, onHandDelta: 0, reservedDelta: 3, ...ofOrder(paid) },
    { kind: 'restocked', delta: 3, stockAfter: 9, reference: refundId, orderId, reason: 'broken' },
    { kind: 'sold', delta: -3, reservedDelta: 0, stockAfter: 6, ...ofOrder(orderId) },
    { kind: 'adjusted', delta: -1, stockAfter: 9, orderId: null, reason: 'damaged' },
    { kind: 'created', delta: 10, stockAfter: 10, reference: null, orderId: null, reason: null },
  ]);
  const adjusted = movements.at(-2);
  expect(adjusted?.reference).toBe(adjusted?.movementId);
});

test('a reservation and its sale in the same millisecond move the stock once', async () => {
  const now = new Date();
  const { call, list, create } = await startShop(() => now);
  const productId = await create(10);
  await call('putUser', { params: { userId: 'alice' } });
  await call('chargeWallet', { params: { userId: 'alice' }, body: { amount: 1_000 } });
  const body = { userId: 'alice', items: [{ productId, quantity: 2 }] };
  const placed = bodyOf(await call('placeOrder', { body }));
  await call('checkout', { body });
  await call('payOrder', { params: { orderId: placed['orderId'] } });
  for (const limit of [1, 2, 3, 20]) {
    const moved = (await list(productId, limit)).map(({ kind, delta, stockAfter }) => [
      kind,
      delta,
      stockAfter,
    ]);
    expect(moved).toEqual([
      ['sold', 0, 6],
      ['sold', -2, 6],
      ['reserved', -2, 8],
      ['created', 10, 10],
    ]);
  }
});

test("other products' events, also those that name the product, are no movements", async () => {
  const { call, list, create } = await startShop();
  const [productId, other] = [await create(1), await create(5)];
  const body = { delta: 1, reason: `moved from ${productId}` };
  await call('adjustStock', { params: { productId: other }, body });
  const change = { metadata: { replaces: productId } };
  await call('changeProduct', { params: { productId: other }, body: change });
  await call('changeProduct', { params: { productId }, body: { price: 5 } });
  await call('putUser', { params: { userId: productId } });
  expect((await list(productId)).map(({ kind }) => kind)).toEqual(['created']);
});

test('a request reads a limited part of the journal, and the next one continues', async () => {
  const { system, call, create } = await startShop();
  const productId = await create(5);
  const other = await create(5);
  for (let n = 0; n < 25; n++) {
    await call('adjustStock', { params: { productId: other }, body: { delta: 1, reason: 'x' } });
  }
  await call('adjustStock', { params: { productId }, body: { delta: 2, reason: 'x' } });
  const pages: number[] = [];
  let place: WalkPlace | undefined;
  do {
    const page = await readMovements(system.reads, { productId, limit: 5, place }, 10);
    pages.push(page!.movements.length);
    place = page!.next;
  } while (place !== undefined);
  expect(pages).toEqual([1, 0, 1]);
});

test('a cursor of another list is refused, an unknown product is not found', async () => {
  const { call, create } = await startShop();
  const params = { productId: await create(1) };
  for (const place of [[], [0, 1, 1], ['1', 1, 1], [1, -1, 1], [1, 1, 1.5], [1, 1, 1, 1]]) {
    const query = { cursor: encodeCursor(`listStockMovements ${params.productId}`, place) };
    const reply = await call('listStockMovements', { params, query });
    expect(reply).toMatchObject({ kind: 'problem', code: 'invalid_request' });
  }
  expect(await call('listStockMovements', { params: { productId: newId() } })).toMatchObject({
    kind: 'problem',
    code: 'product_not_found',
  });
});

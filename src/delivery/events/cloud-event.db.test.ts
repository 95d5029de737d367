import { Ajv2020 } from 'ajv/dist/2020.js';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { openDeliveryShop } from '../../../test/support/delivery-shop.ts';
import { startReceiver, type ReceivedEvent } from '../../../test/support/receiver.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { migrate } from '../../database/migrate.ts';
import { openPool } from '../../database/session.ts';
import { readOrigin, toSequence } from './cloud-event.ts';

const PUBLIC_URL = 'http://moa.example';

test('the text order of sequences is the order of positions', () => {
  const positions = [0, 1, 9, 10, 99, 100, 4_294_967_296, Number.MAX_SAFE_INTEGER];
  const sequences = positions.map(toSequence);
  expect(sequences.toSorted()).toEqual(sequences);
  expect(new Set(sequences.map(({ length }) => length))).toEqual(new Set([19]));
});

test('the sequence orders concurrent changes whose times are equal', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  await shop.addWebhook(receiver.url, { types: ['moa.product.changed.v1'] });
  const product = { name: 'Cup', price: 1, stock: 1, description: 'Round.' };
  const { productId } = await shop.ask('createProduct', { body: product });
  const prices = Array.from({ length: 100 }, (_, index) => index + 2);
  const params = { productId };
  await Promise.all(prices.map((price) => shop.ask('changeProduct', { params, body: { price } })));
  await waitUntil(() => receiver.taken.length === prices.length, 'all changes');

  const bySequence = (a: ReceivedEvent, b: ReceivedEvent) => (a.sequence < b.sequence ? -1 : 1);
  expect(receiver.taken.toSorted(bySequence)).toEqual(receiver.taken);
  expect(new Set(receiver.taken.map(({ sequence }) => sequence)).size).toBe(prices.length);
  expect(new Set(receiver.taken.map(({ time }) => time)).size).toBeLessThan(prices.length);
  const { name, description, price, imageUrl, sku, metadata, status } = await shop.ask(
    'getProduct',
    { params },
  );
  expect(receiver.taken.at(-1)?.data).toEqual({
    productId,
    price,
    product: { name, description, price, imageUrl, sku, metadata, status },
  });
});

/** The source of the events of a new database or of an existing one. */
const sourceOf = async (url: string, eventSource?: string): Promise<string> => {
  const pool = openPool(url, 1);
  const { source } = await readOrigin(pool, { eventSource, publicUrl: PUBLIC_URL });
  await pool.end();
  return source;
};

test('the source is an id that is made once with the database', async () => {
  const [one, other] = [await createTestDatabase('empty'), await createTestDatabase('empty')];
  await migrate(one);
  await migrate(other);
  const source = await sourceOf(one);
  expect(source).toMatch(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await migrate(one);
  expect(await sourceOf(one)).toBe(source);
  expect(await sourceOf(other)).not.toBe(source);
});

test('every process sends the source and the address that the environment names', async () => {
  const eventSource = '//shop.example/"moa"';
  const shop = await openDeliveryShop(undefined, { eventSource, publicUrl: PUBLIC_URL });
  const receiver = await startReceiver();
  await shop.addWebhook(receiver.url, { types: ['moa.order.paid.v1'] });
  await shop.buy(1);
  await waitUntil(() => receiver.taken.length === 1, 'an order');
  expect(receiver.taken[0]).toMatchObject({
    source: eventSource,
    dataschema: `${PUBLIC_URL}/schemas/events/moa.order.paid.v1.json`,
  });
});

test('the schema that an event names describes its data', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  await shop.addWebhook(receiver.url);
  await shop.buy(1);
  await shop.ask('putUser', { params: { userId: v7() }, body: {} });
  await waitUntil(() => receiver.taken.length === 1, 'an order');
  const formats = { 'date-time': (text: string) => new Date(text).toJSON() === text };
  for (const { dataschema, data } of receiver.taken) {
    const [, file] = /\/schemas\/events\/(.*)$/.exec(dataschema) ?? [];
    const schema = await shop.ask('getEventSchema', { params: { file } });
    const check = new Ajv2020({ strict: true, formats }).compile(schema);
    expect(check(data)).toBe(true);
    expect(check({ ...data, later: 1 })).toBe(true);
    expect(check({})).toBe(false);
  }
  const unknown = await shop.call('getEventSchema', {
    params: { file: 'moa.cart.cleared.v1.json' },
  });
  expect(unknown).toEqual({ kind: 'problem', code: 'schema_not_found' });
});

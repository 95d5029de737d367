import { Ajv2020 } from 'ajv/dist/2020.js';
import { CloudEvent } from 'cloudevents';
import { Client } from 'pg';
import type { Static } from 'typebox';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { bodyOf, createOperations } from '../../../test/support/operations.ts';
import { readFiles } from '../../../test/support/repository.ts';
import { TEST_ORIGIN, TEST_SETTINGS } from '../../../test/support/settings.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import type { CartEvent } from '../../cart/index.ts';
import type { ProductEvent } from '../../catalog/index.ts';
import { seedDatabase } from '../../cli/seed/seed.ts';
import type { OrderEvent } from '../../order/index.ts';
import { startSystem, type SystemSettings } from '../../system.ts';
import type { WalletEvent } from '../../wallet/index.ts';
import type { ReadOutgoingRow } from '../queries.gen.ts';
import { createToCloudEvent } from './cloud-event.ts';
import { contractOf } from './contracts.ts';
import { EVENT_SCHEMAS } from './schemas.ts';
import { EVENT_TYPES, UNSENT_TYPES, sentType, type EventType } from './types.ts';

const toCloudEvent = createToCloudEvent(TEST_ORIGIN);

type Recordable = WalletEvent | ProductEvent | CartEvent | OrderEvent;

/** The type of a value after a round trip through JSON. */
type Json<T> = T extends Date
  ? string
  : T extends object
    ? { -readonly [Key in keyof T]: Json<T[Key]> }
    : T;
type Recorded = { [Type in EventType]: Json<Extract<Recordable, { type: Type }>['data']> };
type Described = { [Type in EventType]: Json<Static<(typeof EVENT_SCHEMAS)[Type]>> };

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  formats: { 'date-time': (text: string) => new Date(text).toJSON() === text },
});

const CONTRACTS = new Map(EVENT_TYPES.map((type) => [type, contractOf(type)]));

/** The validation errors of a value; none when the value matches the schema. */
const complaints = (schema: object, value: unknown): string[] => {
  const check = ajv.compile(schema);
  check(value);
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

const readJournal = async (url: string): Promise<ReadOutgoingRow[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<ReadOutgoingRow>(
    `select position::int, event_id as "eventId", type, subject, time, data::text
     from journal.events order by position`,
  );
  await client.end();
  return rows;
};

const LONGEST = { name: '모'.repeat(200), reason: '🛒'.repeat(200) };

/** Runs every operation of a shop with its smallest and its longest inputs. */
const useShop = async (url: string, settings: SystemSettings): Promise<void> => {
  const system = startSystem(url, settings);
  const call = createOperations(system.routes);
  let keys = 0;
  const run = async (operation: string, params: object, body: object = {}) =>
    bodyOf(await call(operation, { params, body, key: `key-${++keys}` }));

  const userId = 'Alice_01-x';
  await run('putUser', { userId });
  await run('chargeWallet', { userId }, { amount: 2_000_000 });
  await run('withdrawFromWallet', { userId }, { amount: 1 });

  const { productId } = await run('createProduct', {}, { name: 'Mug', price: 1, stock: 0 });
  const page = { description: '둥근 머그\n350 ml', imageUrl: 'https://shop.example/mug.png' };
  await run('createProduct', {}, { name: LONGEST.name, price: 1, stock: 9, ...page });
  for (const change of [{ price: 100 }, { status: 'archived' }, { status: 'active', ...page }]) {
    await run('changeProduct', { productId }, change);
  }
  await run('changeProduct', { productId }, { name: LONGEST.name, imageUrl: null });
  await run('adjustStock', { productId }, { delta: 50, reason: LONGEST.reason });
  await run('adjustStock', { productId }, { delta: -10, reason: 'x' });

  const items = [{ productId, quantity: 2 }];
  const bought = await run('checkout', {}, { userId, items });
  const part = { items: [{ productId, quantity: 1 }], restock: false, reason: LONGEST.reason };
  await run('refundOrder', { orderId: bought['orderId'] }, part);
  await run('refundOrder', { orderId: bought['orderId'] });

  await run('addCartItem', { userId }, { productId, quantity: 1 });
  await run('addCartItem', { userId }, { productId, quantity: 1 });
  await run('removeCartItem', { userId, productId });
  await run('addCartItem', { userId }, { productId, quantity: 3 });
  const most = Array.from({ length: 20 }, (_, n) => [`${n}${'모'.repeat(38)}`, '🛒'.repeat(500)]);
  const metadata = Object.fromEntries(most) as object;
  await run('checkout', {}, { userId, cart: true, metadata });

  const place = async () => ({
    orderId: (await run('placeOrder', {}, { userId, items, metadata }))['orderId'],
  });
  await run('payOrder', await place());
  await run('cancelOrder', await place());
  await run('cancelOrder', await place(), { reason: LONGEST.reason });
  await system.close();
};

/** Places an order that expires at once. */
const letExpire = async (url: string): Promise<void> => {
  const system = startSystem(url, { ...TEST_SETTINGS, reservationMs: 1 });
  const call = createOperations(system.routes);
  const { items: products } = bodyOf(await call('listProducts', { query: { sort: '-price' } }));
  const [{ productId }] = products as [{ productId: string }];
  const body = { userId: 'Alice_01-x', items: [{ productId, quantity: 1 }] };
  const { orderId } = bodyOf(await call('placeOrder', { body, key: 'late' }));
  await waitUntil(async () => {
    const order = bodyOf(await call('getOrder', { params: { orderId } }));
    return order['status'] === 'expired';
  }, 'an expired order');
  await waitUntil(
    async () => (await readJournal(url)).some(({ type }) => type === 'order.expired.v1'),
    'a recorded expiry',
  );
  await system.close();
};

let driven: Promise<ReadOutgoingRow[]> | undefined;

/** The journal after `useShop`; the first call creates the shop for all tests. */
const readDriven = (): Promise<ReadOutgoingRow[]> =>
  (driven ??= createTestDatabase().then(async (url) => {
    await useShop(url, TEST_SETTINGS);
    await letExpire(url);
    return readJournal(url);
  }));

const readSeeded = async (): Promise<ReadOutgoingRow[]> => {
  const url = await createTestDatabase();
  const until = new Date();
  const size = { orders: 500, products: 20, users: 30, days: 2, seed: 7 };
  await seedDatabase(url, { ...size, until, settings: TEST_SETTINGS });
  return readJournal(url);
};

const isSent = (type: string): type is EventType =>
  (EVENT_TYPES as readonly string[]).includes(type);

describe('sent events', () => {
  test('every recordable type is either sent or listed as unsent', async () => {
    expectTypeOf<EventType | (typeof UNSENT_TYPES)[number]>().toEqualTypeOf<Recordable['type']>();
    // The sources also name types of modules that are missing in `Recordable`.
    const sources = await readFiles(/^src\/(?!delivery\/).*(?<!\.test)\.ts$/);
    // The format of receipts has a name of the same shape.
    const found = sources.flatMap(({ content }) => [
      ...content.matchAll(/'((?!moa\.)[a-z_]+\.[a-z_]+\.v\d+)'/g),
    ]);
    const types = new Set(found.map(([, type = '']) => type));
    expect([...types].sort()).toEqual([...EVENT_TYPES, ...UNSENT_TYPES].sort());
  });

  test('the schemas have exactly the fields of the recorded events', () => {
    expectTypeOf<Described>().toEqualTypeOf<Recorded>();
    expect(Object.keys(EVENT_SCHEMAS)).toEqual([...EVENT_TYPES]);
  });

  test('the journal of the used shop has every type', async () => {
    const types = new Set((await readDriven()).map(({ type }) => type));
    expect([...types].sort()).toEqual([...EVENT_TYPES, ...UNSENT_TYPES].sort());
  });

  test.for([
    ['used', readDriven],
    ['seeded', readSeeded],
  ] as const)('every event of a %s shop matches its schema', async ([, read]) => {
    const sent = (await read()).filter(({ type }) => isSent(type));
    expect(sent.length).toBeGreaterThan(15);
    for (const row of sent) {
      const type = row.type as EventType;
      const data: unknown = JSON.parse(row.data);
      expect([type, data, complaints(EVENT_SCHEMAS[type], data)]).toEqual([type, data, []]);
      const event: unknown = JSON.parse(toCloudEvent(row).json);
      expect([event, complaints(CONTRACTS.get(type)!, event)]).toEqual([event, []]);
    }
  });

  test('every event of an order that was placed with metadata has the metadata', async () => {
    const events = (await readDriven()).filter(({ type }) => type.startsWith('order.'));
    const metadataOf = ({ data }: ReadOutgoingRow) =>
      (JSON.parse(data) as { metadata?: object }).metadata;
    const withMetadata = events.filter((event) => metadataOf(event) !== undefined);
    const types = withMetadata.map(({ type }) => type);
    const ended = ['order.cancelled.v1', 'order.cancelled.v1', 'order.paid.v1', 'order.paid.v1'];
    const placed = Array.from(Array(3), () => 'order.placed.v1');
    expect(types.toSorted()).toEqual([...ended, ...placed]);
    const texts = new Set(withMetadata.map((event) => JSON.stringify(metadataOf(event))));
    expect(texts.size).toBe(1);
    const orders = new Set(withMetadata.map(({ subject }) => subject));
    expect(events.filter(({ subject }) => orders.has(subject))).toEqual(withMetadata);
  });

  test('the subject is the id of the order, the user or the product', async () => {
    for (const { type, subject, data } of await readDriven()) {
      if (!isSent(type)) continue;
      const { orderId, userId, productId } = JSON.parse(data) as Record<string, string>;
      const [kind] = type.split('.');
      expect(subject).toBe(kind === 'order' ? orderId : kind === 'wallet' ? userId : productId);
    }
  });

  test('the CloudEvents SDK accepts each event', async () => {
    for (const row of (await readDriven()).filter(({ type }) => isSent(type))) {
      const event = new CloudEvent(JSON.parse(toCloudEvent(row).json) as object);
      expect(event.validate()).toBe(true);
      expect(event).toMatchObject({ id: row.eventId, type: sentType(row.type) });
    }
  });
});

describe('a contract', () => {
  const eventOf = async (type: EventType) => {
    const row = (await readDriven()).find((each) => each.type === type)!;
    return JSON.parse(toCloudEvent(row).json) as { data: object };
  };

  test.for(EVENT_TYPES)('allows a new field and rejects a missing one: %s', async (type) => {
    const contract = CONTRACTS.get(type)!;
    const event = await eventOf(type);
    const longer = { ...event, dataref: 'x', data: { ...event.data, later: 1 } };
    expect(complaints(contract, longer)).toEqual([]);
    expect(complaints(EVENT_SCHEMAS[type], longer.data)).not.toEqual([]);
    expect(complaints(contract, { ...event, data: {} })).not.toEqual([]);
    for (const field of Object.keys(event)) {
      const { [field as keyof typeof event]: _, ...shorter } = event;
      expect([field, complaints(contract, shorter)]).not.toEqual([field, []]);
    }
  });

  test('has a unique name, title and description', () => {
    const contracts = EVENT_TYPES.map(contractOf) as Record<string, string>[];
    for (const name of ['$id', 'title', 'description'] as const) {
      const texts = new Set(contracts.map((contract) => contract[name]));
      expect([...texts].filter((text) => typeof text === 'string')).toHaveLength(contracts.length);
    }
  });
});

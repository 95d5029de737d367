import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startTestAuditor } from '../../../test/support/auditor.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import {
  openDeliveryShop,
  untilAllRead,
  type DeliveryShop,
} from '../../../test/support/delivery-shop.ts';
import { queryColumn } from '../../../test/support/queries.ts';
import { TEST_SETTINGS } from '../../../test/support/settings.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { seedDatabase } from '../../cli/seed/seed.ts';
import { checkSnapshot, violationsOf } from './step.ts';
import { createTouched } from './touched.ts';

/** Some harm to a row that no later event touches. */
interface Harm {
  readonly what: string;
  readonly sql: string;
  /** The part, the invariants and the subject of the violation; `$` is the returned id. */
  readonly found: readonly [part: string, invariants: string];
}

const order = (status: string, offset: number): string =>
  `(select order_id from orders.orders where status = '${status}' order by order_id
    offset ${offset} limit 1)`;
const user = (number: number): string =>
  `(select user_id from wallet.wallets order by user_id offset ${number} limit 1)`;
const product = (number: number): string =>
  `(select product_id from catalog.products order by product_id offset ${number} limit 1)`;

/** Each harm has a subject of its own, so that all can be done to one shop. */
const HARMS: readonly Harm[] = [
  {
    what: 'a balance without a charge',
    sql: `update wallet.wallets set balance = balance + 1 where user_id = ${user(0)}
      returning user_id`,
    found: ['wallet.wallets', 'W2 W3 J1'],
  },
  {
    what: 'a missing ledger entry',
    sql: `delete from wallet.transfers where user_id = ${user(1)} and number = 1 returning user_id`,
    found: ['wallet.transfers', 'W2 J1'],
  },
  {
    what: 'a ledger entry of another amount',
    sql: `update wallet.transfers set amount = amount + 1 where user_id = ${user(2)} and number = 1
      returning user_id`,
    found: ['wallet.transfers', 'W2 J1'],
  },
  {
    what: 'a unit on hand without an adjustment',
    sql: `update catalog.products set on_hand = on_hand + 1 where product_id = ${product(0)}
      returning product_id`,
    found: ['catalog.products', 'S2 J1'],
  },
  {
    what: 'a reserved unit without an order',
    sql: `update catalog.products set reserved = reserved + 1 where product_id = ${product(1)}
      returning product_id`,
    found: ['catalog.products', 'S3 J1'],
  },
  {
    what: 'a product without an event',
    sql: `insert into catalog.products
        (product_id, name, price, status, on_hand, reserved, created_at, updated_at, search_key)
      values (gen_random_uuid(), 'x', 1, 'active', 0, 0, now(), now(), '')
      returning product_id`,
    found: ['catalog.products', 'S2 J1'],
  },
  {
    what: 'a missing description',
    sql: `delete from catalog.descriptions where product_id = ${product(2)} returning product_id`,
    found: ['catalog.descriptions', 'J1'],
  },
  {
    what: 'an order line of another quantity',
    sql: `update orders.orders
      set lines = replace(lines::text, '"quantity":', '"quantity":1')::json
      where order_id = ${order('paid', 0)} returning order_id`,
    found: ['orders.orders', 'O1 J1'],
  },
  {
    what: 'an order that was never refunded but says so',
    sql: `update orders.orders set status = 'refunded' where order_id = ${order('paid', 1)}
      returning order_id`,
    found: ['orders.orders', 'O2 J1'],
  },
  {
    what: 'a missing order',
    sql: `delete from orders.orders where order_id = ${order('paid', 2)} returning order_id`,
    found: ['orders.orders', 'O2 J1'],
  },
  {
    what: 'an order without an event',
    sql: `insert into orders.orders select gen_random_uuid(), user_id, 'cancelled', lines, total, 0,
      created_at, null, null from orders.orders limit 1 returning order_id`,
    found: ['orders.orders', 'O2 J1'],
  },
  {
    what: 'a wrong count of pending orders',
    sql: `update orders.buyers set pending_orders = pending_orders + 1
      where user_id = (select min(user_id) from orders.buyers) returning user_id`,
    found: ['orders.buyers', 'J1'],
  },
  {
    what: 'a cart without an event',
    sql: `insert into cart.carts values (${user(3)}, 1, '[]') returning user_id`,
    found: ['cart.carts', 'J1'],
  },
  {
    what: 'an event whose data changed',
    sql: `update journal.events set data = json_build_object('amount', 1)
      where position = (select min(position) from journal.events
        where type = 'wallet.charged.v1') returning position`,
    found: ['journal.events', 'J1'],
  },
  {
    what: 'an event that was removed',
    sql: `delete from journal.events where position = (select max(position) from journal.events
      where type = 'wallet.charged.v1') returning position`,
    found: ['journal.events', 'J1'],
  },
];

/** A shop with some orders of every kind. */
const openSeeded = async (): Promise<{ url: string; client: Client }> => {
  const url = await createTestDatabase();
  const size = { orders: 400, products: 20, users: 30, days: 2, seed: 5 };
  const until = new Date('2026-11-20T12:00:00Z');
  await seedDatabase(url, { ...size, until, settings: TEST_SETTINGS });
  const client = new Client({ connectionString: url, options: '-c timezone=UTC' });
  await client.connect();
  onTestFinished(() => client.end());
  return { url, client };
};

const inShort = (
  violations: readonly { part: string; subject: string; invariants: readonly string[] }[],
) =>
  violations
    .map(({ part, subject, invariants }) => `${part} ${subject}: ${invariants.join(' ')}`)
    .toSorted();

test('the scrub names each row that was changed, removed or added without an event', async () => {
  const { url, client } = await openSeeded();
  const auditor = startTestAuditor(url);
  expect(await auditor.prove()).toEqual([]);
  const expected: string[] = [];
  for (const { what, sql, found } of HARMS) {
    const { rows } = await client.query<Record<string, string>>(sql);
    if (rows.length !== 1) throw new Error(`${what}: changed ${rows.length} rows`);
    expected.push(`${found[0]} ${Object.values(rows[0]!)[0]}: ${found[1]}`);
  }
  expect(inShort(await auditor.prove())).toEqual(expected.toSorted());
  // And again: a violation is open until a check finds no difference.
  expect(inShort(await auditor.prove())).toEqual(expected.toSorted());
});

test('a violation is closed when its row is repaired', async () => {
  const { url, client } = await openSeeded();
  const auditor = startTestAuditor(url);
  await auditor.prove();
  await client.query(`update wallet.wallets set balance = balance + 7 where user_id = ${user(0)}`);
  expect(await auditor.prove()).toMatchObject([
    { kind: 'wallet', found: { balance: expect.any(Number) as number } },
  ]);
  await client.query(`update wallet.wallets set balance = balance - 7 where user_id = ${user(0)}`);
  expect(await auditor.prove()).toEqual([]);
});

test('a changed view of entries is found', async () => {
  const { url, client } = await openSeeded();
  const auditor = startTestAuditor(url);
  await auditor.prove();
  await client.query(`create or replace view wallet.entries as
    select transfer_id, 'wallet:' || user_id as account, amount, created_at from wallet.transfers`);
  for (let round = 0; round < 2; round++) {
    expect(inShort(await auditor.prove())).toEqual(['wallet.entries wallet.entries: W1']);
  }
});

const openShop = async (): Promise<DeliveryShop> => {
  const shop = await openDeliveryShop();
  await shop.buy(3);
  return shop;
};

test('swapped answers of two requests are named', async () => {
  const shop = await openShop();
  const auditor = startTestAuditor(shop.url);
  // Idempotency records are known once their second is over.
  await waitUntil(async () => {
    expect(await auditor.prove()).toEqual([]);
    const [unknown] = await queryColumn(
      shop.url,
      `select (select count(*) from commit.idempotency_keys)
        - (select coalesce(sum(cardinality(key_ids)), 0) from audit.answers)`,
    );
    return unknown === '0';
  }, 'every idempotency record known');
  const keys = await queryColumn(
    shop.url,
    `with two as (
      select key_id, body, row_number() over (order by created_at) as number
      from commit.idempotency_keys where body like '%orderId%' limit 2
    )
    update commit.idempotency_keys k set body = other.body
    from two own join two other on other.number <> own.number
    where k.key_id = own.key_id returning k.key_id`,
  );
  expect(keys).toHaveLength(2);
  expect(inShort(await auditor.prove())).toEqual(
    keys.map((key) => `commit.idempotency_keys ${key}: O3`).toSorted(),
  );
});

test('wrong best sellers and wrong sums of the report are named', async () => {
  const shop = await openShop();
  await untilAllRead(shop);
  const auditor = startTestAuditor(shop.url);
  expect(await auditor.prove()).toEqual([]);
  const [productId] = await queryColumn(
    shop.url,
    `update bestseller.sales set revenue = revenue + 1
      where position = (select max(position) from bestseller.sales) returning product_id`,
  );
  await queryColumn(
    shop.url,
    `update report.totals set gross = gross + 1
      where quarter = (select max(quarter) from report.totals)`,
  );
  const [quarter] = await queryColumn(
    shop.url,
    `select to_char(max(quarter), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from report.totals`,
  );
  expect(inShort(await auditor.prove())).toEqual([
    `bestseller.days ${productId}: B1`,
    `bestseller.sales ${productId}: B1`,
    `report.totals ${quarter}: R1`,
  ]);
});

test('a subscriber that has skipped an event is named', async () => {
  const shop = await openShop();
  await untilAllRead(shop);
  const auditor = startTestAuditor(shop.url);
  expect(await auditor.prove()).toEqual([]);
  await shop.buy(1);
  await untilAllRead(shop);
  await queryColumn(
    shop.url,
    "update journal.cursors set events = events - 1 where name = 'sales-report'",
  );
  expect(inShort(await auditor.prove())).toEqual(['journal.cursors cursor sales-report: J2']);
});

test('an event that cannot be applied is named, and later events are proven', async () => {
  const shop = await openShop();
  const auditor = startTestAuditor(shop.url);
  const [position] = await queryColumn(
    shop.url,
    `insert into journal.events (event_id, type, subject, time, data)
      values (gen_random_uuid(), 'order.lost.v1', 'lost', now(), '{"orderId": "lost"}')
      returning position`,
  );
  const [orderId] = await shop.buy(1);
  await queryColumn(
    shop.url,
    `insert into journal.events (event_id, type, subject, time, data)
      select gen_random_uuid(), 'order.paid.v1', subject, time, data from journal.events
      where type = 'order.paid.v1' and subject = $1 returning position`,
    [orderId],
  );
  const violations = await auditor.prove();
  expect(violations).toContainEqual(
    expect.objectContaining({
      invariants: ['O2', 'J1'],
      found: expect.objectContaining({
        position: Number(position),
        fault: 'follows nothing; no rule for events of type order.lost.v1',
      }) as object,
    }),
  );
  expect(violations).toContainEqual(
    expect.objectContaining({
      invariants: ['O2', 'J1'],
      found: expect.objectContaining({
        subject: orderId,
        fault: expect.stringMatching(/^follows paid; /) as string,
      }) as object,
    }),
  );
});

test('a charge that happened twice, in every table, is named', async () => {
  const shop = await openShop();
  const auditor = startTestAuditor(shop.url);
  expect(await auditor.prove()).toEqual([]);
  const [userId] = await queryColumn(
    shop.url,
    `with event as (
      insert into journal.events (event_id, type, subject, time, data)
      select gen_random_uuid(), type, subject, time, data from journal.events
      where type = 'wallet.charged.v1' limit 1 returning *
    ),
    charged as (
      update wallet.wallets w
      set balance = balance + (data ->> 'amount')::bigint, entry_count = entry_count + 1,
        updated_at = time
      from event where user_id = subject returning w.*
    )
    insert into wallet.transfers
    select user_id, entry_count, event_id, 'charge', (data ->> 'amount')::bigint, balance,
      (data ->> 'chargeId')::uuid, time
    from event, charged returning user_id`,
  );
  expect(inShort(await auditor.prove())).toEqual([`wallet.references ${userId}: O3`]);
});

test('what events touch is compared in the next round, without the scrub', async () => {
  const shop = await openShop();
  const auditor = startTestAuditor(shop.url);
  expect(await auditor.prove()).toEqual([]);
  await auditor.stop();
  await queryColumn(shop.url, `update wallet.wallets set balance = balance + 1;`);
  await queryColumn(shop.url, 'update catalog.products set on_hand = on_hand + 1');
  const client = new Client({ connectionString: shop.url, options: '-c timezone=UTC' });
  await client.connect();
  onTestFinished(() => client.end());
  const check = async () => violationsOf(await checkSnapshot(client, createTouched(), undefined));
  expect(await check()).toEqual([]);
  await shop.buy(1);
  expect((await check()).map(({ part, invariants }) => `${part}: ${invariants.join(' ')}`)).toEqual(
    ['wallet.transfers: W2 J1', 'catalog.products: S2 J1', 'wallet.wallets: W2 W3 J1'],
  );
});

test('a round that has not seen every event is followed by the next one at once', async () => {
  const { url } = await openSeeded();
  const auditor = startTestAuditor(url, { limit: 2 });
  expect(await auditor.prove()).toEqual([]);
  expect(auditor.rounds[0]?.isComplete).toBe(false);
});

test('one process audits at a time, and another goes on when it ends', async () => {
  const shop = await openShop();
  const [first, second] = [startTestAuditor(shop.url), startTestAuditor(shop.url)];
  await waitUntil(() => first.rounds.length + second.rounds.length > 0, 'a round');
  const [holder, other] = first.rounds.length > 0 ? [first, second] : [second, first];
  await holder.prove();
  expect(other.rounds).toEqual([]);
  await holder.stop();
  await shop.buy(1);
  expect(await other.prove()).toEqual([]);
});

test('staff read the proof and request a round, which any process runs', async () => {
  const shop = await openShop();
  startTestAuditor(shop.url);
  const { run } = await shop.ask('requestAuditRun');
  const read = () => shop.ask('getAudit');
  await waitUntil(async () => Number((await read())['completedRun']) >= Number(run), 'the run');
  expect(await read()).toMatchObject({ verdict: 'holds', violations: [] });
  await queryColumn(shop.url, 'update wallet.wallets set balance = balance + 1');
  await shop.ask('requestAuditRun');
  await waitUntil(async () => (await read())['verdict'] === 'broken', 'the violation');
  const { invariants, violations } = await read();
  const broken = (invariants as { invariant: string; verdict: string }[])
    .filter(({ verdict }) => verdict === 'broken')
    .map(({ invariant }) => invariant);
  expect(broken).toEqual(['W2', 'W3', 'J1']);
  const found = violations as { found: { balance: number }; expected: { balance: number } }[];
  expect(found).toHaveLength(1);
  expect(found[0]!.found.balance).toBe(found[0]!.expected.balance + 1);
});

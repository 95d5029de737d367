import { glob, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { parseSqlFile, type NamedStatement } from '../scripts/sql-file.ts';
import { SESSION_LIMITS } from './support/counter-commit.ts';
import { openSession } from '../src/database/session.ts';
import type { Queryable } from '../src/database/statement.ts';
import { createTestDatabase } from './support/database.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The modules whose statements read whole tables on purpose, and the one that calls functions of
 * superusers, which read no table.
 */
const LEFT_OUT = new Set(['audit', 'move', 'verify', 'backup']);

/** Statements that may scan, each with its reason. */
const MAY_SCAN: Readonly<Record<string, string>> = {
  'catalog.CountProducts': 'it stops at the first row',
  'journal.ReadHorizon': 'a sequence is one row',
  'delivery.FindInstallation': 'the table has one row',
  'sign-in.RemoveStaff': 'an operator runs it, and people make the keys one by one',
  'sign-in.RevokeKeysOf': 'as RemoveStaff',
  'sign-in.ListKeysMadeBy': 'as RemoveStaff',
  'log.FindInstallation': 'the table has one row',
  'log.FindCheckpoint': 'the table has one row',
  'log.SignAgain': 'the table has one row',
  'settings.ReadCurrency': 'the table has one row',
};

/** Enough rows that the planner does not prefer a scan. */
const ROWS = 20_000;

const ORDER = '01980000-0000-7000-8000-000000000000';
const PAID_AT = '2026-01-01 00:30Z';

/** The rows of a busy shop: most orders are paid, a few have another status. */
const FILL = `
  insert into wallet.wallets
    select 'user-' || n, n, 2, now(), now() from generate_series(1, ${ROWS}) n;
  insert into wallet.transfers
    select 'user-' || n, k, gen_random_uuid(), 'charge', 1, k, gen_random_uuid(), now()
    from generate_series(1, ${ROWS}) n, generate_series(1, 2) k;
  insert into identity.profiles select 'user-' || n, 'name' from generate_series(1, ${ROWS}) n;
  insert into auth.users
    select 'user-' || n, n || '@shop.example', false, 'name', null, 'customer', now(), now()
    from generate_series(1, ${ROWS}) n;
  insert into auth.accounts (id, account_id, provider_id, user_id, created_at, updated_at)
    select gen_random_uuid(), n, 'credential', 'user-' || n, now(), now()
    from generate_series(1, ${ROWS}) n;
  insert into auth.sessions (id, token, user_id, expires_at, created_at, updated_at)
    select gen_random_uuid(), n, 'user-' || n, now(), now(), now()
    from generate_series(1, ${ROWS}) n;
  insert into identity.api_keys
    select gen_random_uuid(), 'hash ' || n, 'moa_', 'name', 'service', 'shop', 'staff', now()
    from generate_series(1, ${ROWS}) n;
  insert into catalog.products
    select gen_random_uuid(), 'Product ' || n, n, case when n % 20 = 0 then 'archived' else 'active'
    end, 10, 0, now(), now() from generate_series(1, ${ROWS}) n;
  insert into catalog.descriptions select product_id, 'A description', null from catalog.products;
  insert into catalog.skus select 'sku-' || row_number() over (), product_id from catalog.products;
  insert into orders.orders
    select gen_random_uuid(), 'user-' || n / 4,
      (array['pending', 'cancelled', 'expired', 'refunded'])[n % 400 + 1], '[]'::json, 1, 0,
      now() - n * interval '1 minute', now(), case when n % 400 = 3 then now() end
    from generate_series(1, ${ROWS}) n where n % 400 < 4
    union all
    select gen_random_uuid(), 'user-' || n / 4, 'paid', '[]'::json, 1, 0,
      now() - n * interval '1 minute', null, now()
    from generate_series(1, ${ROWS}) n where n % 400 >= 4;
  insert into orders.buyers select 'user-' || n, 1 from generate_series(1, ${ROWS}) n;
  insert into commit.idempotency_keys
    select gen_random_uuid(), gen_random_uuid(), 201, '{}', now() - n * interval '1 minute'
    from generate_series(1, ${ROWS}) n;
  insert into journal.events (event_id, type, subject, time, data)
    select gen_random_uuid(), 'order.paid.v1', 'subject', now(), '{}'
    from generate_series(1, ${ROWS}) n;
  insert into journal.traces select event_id, '00-0-0-01' from journal.events;
  insert into log.leaves select n, n, gen_random_uuid() from generate_series(1, ${ROWS}) n;
  insert into log.tiles select 0, n, sha256('') from generate_series(1, ${ROWS}) n;
  insert into journal.cursors select 'cursor-' || n, 0, 1, 0 from generate_series(1, ${ROWS}) n;
  insert into bestseller.sales
    select 1, now() - n * interval '2 minutes', gen_random_uuid(), n, 1, 1, 1
    from generate_series(1, ${ROWS}) n;
  insert into bestseller.days
    select 1, date_trunc('day', now()) - n % 30 * interval '1 day', gen_random_uuid(), 1, 1, 1
    from generate_series(1, ${ROWS}) n;
  insert into report.totals
    select now() - n * interval '15 minutes', 1, 1, 1, 0, 0 from generate_series(1, ${ROWS}) n;
  insert into report.sales
    select now() - n * interval '15 minutes', product_id, 1, 1, 1, 0, 0
    from (select product_id, row_number() over () n from catalog.products) p;
  insert into delivery.destinations
    select gen_random_uuid(), 'name', 'webhook', 'https://shop.example', null, 'secret', null, null,
      'active', 1, now(), now()
    from generate_series(1, ${ROWS}) n;
  insert into delivery.progress (destination_id, position, delivered, begin_position, seen)
    select destination_id, 0, 0, 0, 0 from delivery.destinations;
  insert into delivery.dead_letters
    select destination_id, n, 'detail', now(), true
    from delivery.destinations cross join generate_series(1, 2) n;
  insert into delivery.attempts
    select destination_id, n, 'failed', 'detail', 500, '', null, 1, 1, now(), now()
    from delivery.destinations cross join generate_series(1, 2) n;
  insert into delivery.replays
    select destination_id, gen_random_uuid(), 0, 10, now(), now() from delivery.destinations;
  analyze`;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

interface Statement extends NamedStatement {
  /** With the module: `wallet.FindWallets`. */
  readonly title: string;
}

const readStatements = async (): Promise<Statement[]> => {
  const statements: Statement[] = [];
  for await (const path of glob('src/*/queries.sql', { cwd: root })) {
    const module = basename(dirname(path));
    if (LEFT_OUT.has(module)) continue;
    for (const statement of parseSqlFile(path, await readFile(`${root}/${path}`, 'utf8'))) {
      const title = `${module}.${statement.name}`;
      const hasPlan = !/^(?:listen|select pg_)/.test(statement.text);
      if (hasPlan && MAY_SCAN[title] === undefined) statements.push({ ...statement, title });
    }
  }
  return statements;
};

/** Whether a batch runs the statement, on a lane with special settings. */
const isOfBatch = ({ title, kind, text }: Statement): boolean =>
  kind === 'batch' || text.endsWith('for no key update') || title === 'commit.FindEffects';

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The nodes of the generic plan, which is independent of the parameters. */
const explain = async (db: Queryable, { text }: Statement): Promise<Plan[]> => {
  const { rows } = await db.query({ text: `explain (generic_plan, format json) ${text}` });
  const [row] = rows as readonly { 'QUERY PLAN': readonly { Plan: Plan }[] }[];
  return nodesOf(row!['QUERY PLAN'][0]!.Plan);
};

const scansOf = (nodes: readonly Plan[]): string[] =>
  nodes
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => `scans ${node['Relation Name']}`);

const openReader = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

test('every statement can use an index on each of its tables', async () => {
  const client = await openReader(await createTestDatabase());
  await client.query('set enable_seqscan = off');
  const statements = await readStatements();
  const faults: string[] = [];
  for (const statement of statements) {
    const scans = scansOf(await explain(client, statement));
    faults.push(...scans.map((scan) => `${statement.title} ${scan}`));
  }
  expect(faults).toEqual([]);
  expect(statements.length).toBeGreaterThan(25);
});

test('on big tables every statement uses an index, and lists need no sort', async () => {
  const url = await createTestDatabase();
  const client = await openReader(url);
  await client.query(FILL);
  const lane = await openSession(url, SESSION_LIMITS);
  onTestFinished(lane.close);
  const faults: string[] = [];
  const filled = new Set([
    'commit',
    'journal',
    'identity',
    'wallet',
    'catalog',
    'order',
    'bestseller',
    'report',
    'delivery',
  ]);
  for (const statement of await readStatements()) {
    if (!filled.has(statement.title.split('.', 1)[0]!)) continue;
    const nodes = await explain(isOfBatch(statement) ? lane : client, statement);
    const sorts = statement.name.startsWith('List')
      ? nodes.filter((node) => node['Node Type'].includes('Sort')).map(() => 'sorts')
      : [];
    faults.push(...[...scansOf(nodes), ...sorts].map((fault) => `${statement.title} ${fault}`));
  }
  expect(faults).toEqual([]);
});

/** Rows with room for another one in each page, then small ones of now, which fill the gaps. */
const FILL_GAPS = `
  insert into journal.events (event_id, type, subject, time, data)
    select gen_random_uuid(), 'order.paid.v1', n, timestamptz '2026-01-01 00:00Z' + n * interval '1 s',
      to_json(repeat('x', 1500))
    from generate_series(1, 5000) n;
  insert into orders.orders
    select '${ORDER}', 'alice', 'paid', '[]'::json, 1, 0, '${PAID_AT}', null, '${PAID_AT}';
  insert into commit.idempotency_keys
    select gen_random_uuid(), gen_random_uuid(), 201, repeat('x', 1500),
      timestamptz '2026-01-01 00:00Z' + n * interval '1 s'
    from generate_series(1, 5000) n;
  delete from commit.idempotency_keys where created_at < '2026-01-01 00:40Z'`;
const FILL_GAPS_AGAIN = `
  insert into journal.events (event_id, type, subject, time, data)
    select gen_random_uuid(), 'cart.changed.v1', n, now(), '{}' from generate_series(1, 5000) n;
  insert into commit.idempotency_keys
    select gen_random_uuid(), gen_random_uuid(), 201, '{}', now() from generate_series(1, 5000) n`;

/** Pages of indexes and tables; the tables above have a thousand each. */
const PAGES_MAX = 60;

test('a time is found in few pages, also when new rows have filled gaps of old pages', async () => {
  const client = await openReader(await createTestDatabase());
  await client.query(FILL_GAPS);
  await client.query('vacuum analyze journal.events');
  await client.query('vacuum analyze commit.idempotency_keys');
  await client.query(FILL_GAPS_AGAIN);
  const statements = await readStatements();
  const pagesOf = async (title: string, values: readonly unknown[]): Promise<number> => {
    const { text } = statements.find((each) => each.title === title)!;
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>({
      text: `explain (analyze, buffers, format json) ${text}`,
      values: [...values],
    });
    const { Plan: plan } = rows[0]!['QUERY PLAN'][0];
    return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
  };
  const pages = {
    orderEvents: await pagesOf('history.FindOrderEvents', [ORDER, 0, 21]),
    payment: await pagesOf('log.FindPayment', [PAID_AT, '1800']),
    range: await pagesOf('delivery.FindRange', [PAID_AT, PAID_AT]),
    deletion: await pagesOf('commit.DeleteEffects', ['2026-01-01 00:40Z', 100]),
  };
  process.stdout.write(`pages: ${JSON.stringify(pages)}\n`);
  expect(Math.max(...Object.values(pages))).toBeLessThan(PAGES_MAX);
});

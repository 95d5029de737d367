import { expect, test } from 'vitest';
import { startRealServer, type RealServer } from '../../test/http/real-server.ts';
import { queryColumn, runSql } from '../../test/support/queries.ts';

const SERVICE = { access: ['service'], operation: 'test' } as const;

const callerOf = async ({ exchange, headersFor }: RealServer, authorization?: string) => {
  const headers = { ...headersFor(SERVICE), ...(authorization ? { authorization } : {}) };
  return async (method: string, path: string, body?: object) => {
    const sent =
      body === undefined
        ? { headers }
        : {
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          };
    const { status, text } = await exchange({ method, path, ...sent });
    return { status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  };
};

type Call = Awaited<ReturnType<typeof callerOf>>;

/** The ids that a query finds, from pages of `limit`. */
const find = async (call: Call, query: string, limit = 2): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const given = { query, limit: String(limit), ...(cursor === '' ? {} : { cursor }) };
    const { status, body } = await call('GET', `/v1/users?${String(new URLSearchParams(given))}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    const items = body['items'] as readonly { readonly userId: string }[];
    ids.push(...items.map(({ userId }) => userId));
    cursor = body['nextCursor'] as string | null;
  }
  return ids;
};

test('a user is read by the owner, staff and services, with name and metadata', async () => {
  const server = await startRealServer();
  const call = await callerOf(server);
  const metadata = { tier: 'gold', 메모: '' };
  const { createdAt } = (await call('GET', '/v1/users/alice')).body;
  const alice = { userId: 'alice', name: 'Alice', metadata: {}, createdAt };
  expect(await call('PUT', '/v1/users/alice', { metadata })).toEqual({
    status: 200,
    body: { ...alice, metadata },
  });
  const owner = await callerOf(server, await server.bearer('customer', 'alice'));
  for (const path of ['/v1/users/alice', '/v1/users/me']) {
    expect(await owner('GET', path)).toEqual({ status: 200, body: { ...alice, metadata } });
  }
  expect((await owner('GET', '/v1/users/bob')).body).toMatchObject({ code: 'user_not_found' });
  expect((await call('GET', '/v1/users/bob')).body).toMatchObject({ code: 'user_not_found' });
});

test('a name and metadata are changed apart, and an empty object removes all metadata', async () => {
  const call = await callerOf(await startRealServer());
  const put = async (body: object) => {
    const { name, metadata } = (await call('PUT', '/v1/users/bob', body)).body;
    return { name, metadata };
  };
  expect(await put({})).toEqual({ name: null, metadata: {} });
  expect(await put({ metadata: { a: '1', b: '2' } })).toEqual({
    name: null,
    metadata: { a: '1', b: '2' },
  });
  expect(await put({ name: 'Bob' })).toEqual({ name: 'Bob', metadata: { a: '1', b: '2' } });
  expect(await put({ metadata: { c: '3' } })).toEqual({ name: 'Bob', metadata: { c: '3' } });
  expect(await put({ metadata: {} })).toEqual({ name: 'Bob', metadata: {} });
});

test('metadata has at most 20 texts of 500 characters with names of 40', async () => {
  const call = await callerOf(await startRealServer());
  const put = (metadata: object) => call('PUT', '/v1/users/bob', { metadata });
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}`, '']));
  const taken = [many(20), { ['k'.repeat(40)]: 'v'.repeat(500) }, { ['🍎'.repeat(40)]: '🍎' }];
  for (const metadata of taken) {
    expect((await put(metadata)).body).toMatchObject({ metadata });
  }
  const refused = [
    many(21),
    { ['k'.repeat(41)]: '' },
    { '': '' },
    { 'a\u0000': '' },
    { k: 'v'.repeat(501) },
    { k: '\u0007' },
    { k: 1 },
    { k: null },
    { k: {} },
    [],
  ];
  for (const metadata of refused) {
    expect([metadata, (await put(metadata)).status]).toEqual([metadata, 400]);
  }
});

test('users are found by the beginning of the id and by words of the name', async () => {
  const call = await callerOf(await startRealServer());
  const names = {
    'u-1': '김 철수',
    'u-2': 'Émile Zola',
    'u-3': 'Ｊｏｈｎ 100%_\\ Smith',
    'u-4': 'Anna Karenina',
    'v-1': 'Hannah Smith',
  };
  for (const [userId, name] of Object.entries(names)) {
    await call('PUT', `/v1/users/${userId}`, { name });
  }
  await call('PUT', '/v1/users/nameless', {});
  const everyone = ['alice', 'nameless', ...Object.keys(names)];
  const found = {
    ' ': everyone,
    'u-': ['u-1', 'u-2', 'u-3', 'u-4'],
    'U-': [],
    nameless: ['nameless'],
    김: ['u-1'],
    '수 김': ['u-1'],
    '철수\u3000김': ['u-1'],
    éMILE: ['u-2'],
    'e\u0301mile': ['u-2'],
    john: ['u-3'],
    '%': ['u-3'],
    _: ['u-3'],
    '\\': ['u-3'],
    '1%': [],
    anna: ['u-4', 'v-1'],
    'smith anna': ['v-1'],
    'nina kar': ['u-4'],
    karanna: [],
    v: ['v-1'],
    ｎ: ['u-3', 'u-4', 'v-1'],
    n: ['nameless', 'u-3', 'u-4', 'v-1'],
  };
  for (const [query, expected] of Object.entries(found)) {
    expect([query, await find(call, query)]).toEqual([query, expected]);
  }
  await call('PUT', '/v1/users/me-1', {});
  expect(await find(call, 'me')).toEqual(['me-1']);
});

test('a rare name is found far behind others, also when the previous version saved it', async () => {
  const server = await startRealServer();
  const call = await callerOf(server);
  await runSql(
    server.databaseUrl,
    `insert into wallet.wallets
       select 'm-' || n, 0, 0, now(), now() from generate_series(1, 3000) n;
     insert into identity.profiles (user_id, name) select 'm-' || n, 'Common' from
       generate_series(1, 3000) n;
     insert into wallet.wallets values ('z', 0, 0, now(), now()), ('a', 0, 0, now(), now());
     insert into identity.profiles (user_id, name) values ('z', 'Rare Common'), ('a', 'Rare')
       on conflict (user_id) do update set name = excluded.name`,
  );
  expect(await find(call, 'rare', 1)).toEqual(['a', 'z']);
  expect(await find(call, 'common rare')).toEqual(['z']);
  expect(await find(call, 'common', 100)).toHaveLength(3_001);
});

/** The tables that have a text in any column. */
const tablesWith = async (databaseUrl: string, text: string): Promise<string[]> => {
  const tables = await queryColumn(
    databaseUrl,
    `select format('%I.%I', schemaname, tablename) from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const rows = tables.map((table) => `select '${table}' from ${table} t where t::text ~ $1`);
  return queryColumn(databaseUrl, rows.join(' union '), [text]);
};

test('an erased name is nowhere, and the user keeps money, orders and access', async () => {
  const server = await startRealServer();
  const call = await callerOf(server);
  const named = { name: 'Zebedee', metadata: { note: 'Quagmire' } };
  await call('PUT', '/v1/users/alice', named);
  expect(await tablesWith(server.databaseUrl, 'Zebedee|Quagmire')).toEqual(['identity.profiles']);
  expect(await call('DELETE', '/v1/users/alice/profile')).toEqual({ status: 204, body: {} });
  expect(await tablesWith(server.databaseUrl, 'Zebedee|Quagmire')).toEqual([]);
  expect(await find(call, 'zebedee')).toEqual([]);

  const owner = await callerOf(server, await server.bearer('customer', 'alice'));
  expect((await owner('GET', '/v1/users/me/wallet')).body).toMatchObject({ balance: 99_000 });
  expect((await owner('GET', '/v1/users/me')).body).toMatchObject({ name: null, metadata: {} });
  expect((await owner('GET', '/v1/users/me/orders')).body).toMatchObject({ items: [{}] });

  expect((await call('DELETE', '/v1/users/alice/profile')).status).toBe(204);
  expect((await call('DELETE', '/v1/users/nobody/profile')).status).toBe(404);
  expect((await call('PUT', '/v1/users/alice', { name: 'Al' })).body).toMatchObject({ name: 'Al' });
  expect(await find(call, 'AL')).toEqual(['alice']);
});

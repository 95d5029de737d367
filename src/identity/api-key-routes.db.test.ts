import { expect, onTestFinished, test, vi } from 'vitest';
import { startRealServer, type RealServer } from '../../test/http/real-server.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { pointersIn, problemIn } from '../../test/support/problem.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { waitUntil } from '../../test/support/wait.ts';

const STAFF = { access: ['staff'], operation: 'test' } as const;
const KEYS = '/v1/api-keys';

type Fields = Record<string, string | null>;

const openKeys = async () => {
  const server = await startRealServer();
  const call = (method: string, path: string, body?: object, authorization?: string) => {
    const headers = {
      ...server.headersFor(STAFF),
      ...(authorization === undefined ? {} : { authorization }),
    };
    if (body === undefined) return server.exchange({ method, path, headers });
    const typed = { ...headers, 'content-type': 'application/json' };
    return server.exchange({ method, path, headers: typed, body: JSON.stringify(body) });
  };
  return {
    server,
    call,
    create: async (body: object): Promise<Fields> => {
      const answer = await call('POST', KEYS, body);
      if (answer.status !== 201) throw new Error(answer.text);
      return JSON.parse(answer.text) as Fields;
    },
    list: async (query = ''): Promise<{ items: Fields[]; nextCursor: string | null }> =>
      JSON.parse((await call('GET', KEYS + query)).text) as never,
    read: ({ key }: Fields, path = '/v1/users/alice/wallet') =>
      call('GET', path, undefined, `Bearer ${key}`),
  };
};

const everything = async ({ databaseUrl }: RealServer): Promise<string> =>
  (await queryColumn(databaseUrl, 'select k::text from identity.api_keys k')).join();

test('a key is shown once, and acts with its role and as its user', async () => {
  const { server, create, list, read, call } = await openKeys();
  const service = await create({ name: 'Shop', role: 'service' });
  expect(service).toEqual({
    apiKeyId: service['apiKeyId'],
    name: 'Shop',
    role: 'service',
    userId: service['apiKeyId'],
    key: service['key'],
    createdAt: service['createdAt'],
    expiresAt: null,
  });
  expect((await read(service)).status).toBe(200);
  expect(problemIn(await read(service, '/v1/destinations'))).toBe('forbidden');
  expect(problemIn(await read(service, KEYS))).toBe('forbidden');

  const staff = await create({ name: 'Office', role: 'staff', userId: 'office' });
  expect((await read(staff, '/v1/destinations')).status).toBe(200);
  const made = await call(
    'POST',
    KEYS,
    { name: 'Alice', role: 'customer', userId: 'alice' },
    `Bearer ${staff['key']}`,
  );
  const customer = JSON.parse(made.text) as Fields;
  expect((await read(customer)).status).toBe(200);
  expect(JSON.parse((await read(customer, '/v1/users/me')).text)).toMatchObject({ name: 'Alice' });
  expect(problemIn(await read(customer, '/v1/users/bob/wallet'))).toBe('user_not_found');
  expect(problemIn(await read(customer, KEYS))).toBe('forbidden');

  const secrets = [service, staff, customer].map(({ key }) => String(key));
  await waitUntil(async () => (await list()).items.every((item) => item['lastUsedAt']), 'the uses');
  const { items } = await list();
  expect(items).toEqual(
    [service, staff, customer].map(({ key, ...shown }, index) => ({
      ...shown,
      prefix: String(key).slice(0, 8),
      createdBy: index === 2 ? 'office' : 'staff',
      lastUsedAt: items[index]?.['lastUsedAt'],
    })),
  );
  const stored = await everything(server);
  for (const secret of secrets) expect(stored).not.toContain(secret.slice(8));
});

test('a revoked key is rejected at once', async () => {
  const { create, read, list, call } = await openKeys();
  const key = await create({ name: 'Shop', role: 'service' });
  const address = `${KEYS}/${key['apiKeyId']}`;
  expect((await read(key)).status).toBe(200);
  expect(await call('DELETE', address)).toMatchObject({ status: 204, text: '' });
  expect(problemIn(await read(key))).toBe('unauthenticated');
  expect(problemIn(await call('DELETE', address))).toBe('api_key_not_found');
  expect(await list()).toEqual({ items: [], nextCursor: null });
});

test('a customer key needs a user, and a time must be in the future', async () => {
  const { call, create, read } = await openKeys();
  const bodies = {
    '/userId': [{ role: 'customer' }, { role: 'staff', userId: '' }],
    '/role': [{ role: 'owner' }, { role: null }],
    '/name': [{ name: ' ' }, { name: 'x'.repeat(101) }],
    '/expiresAt': [
      { expiresAt: new Date().toISOString() },
      { expiresAt: '2000-01-01T00:00:00Z' },
      { expiresAt: '2999-01-01' },
      { expiresAt: '3000-01-01T00:00:00Z' },
      { expiresAt: null },
    ],
  };
  for (const [pointer, changes] of Object.entries(bodies)) {
    for (const change of changes) {
      const answer = await call('POST', KEYS, { name: 'Key', role: 'service', ...change });
      expect([change, problemIn(answer), ...new Set(pointersIn(answer))]).toEqual([
        change,
        'invalid_request',
        pointer,
      ]);
    }
  }
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const key = await create({ name: 'Key', role: 'customer', userId: 'me', expiresAt });
  expect(key).toMatchObject({ userId: 'staff', expiresAt });
  // The first call registers a customer.
  expect((await read(key, '/v1/users/staff/wallet')).status).toBe(200);
});

test('a key without a name is named after its role', async () => {
  const { create, list } = await openKeys();
  for (const role of ['service', 'staff'])
    expect(await create({ role })).toMatchObject({ name: role });
  expect((await list()).items.map(({ name }) => name)).toEqual(['service', 'staff']);
});

test('a repeated request has the first answer, also after the key has expired', async () => {
  const { server } = await openKeys();
  const call = createOperations(server.routes);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const create = (name: string) =>
    call('createApiKey', { body: { name, role: 'service', expiresAt }, key: 'once' });
  const first = await create('Shop');
  vi.spyOn(Date, 'now').mockReturnValue(Date.parse(expiresAt));
  onTestFinished(() => void vi.restoreAllMocks());
  const { key: _, ...shown } = bodyOf(first);
  const again = await create('Shop');
  expect(again).toMatchObject({ status: 201, replayed: true });
  expect(bodyOf(again)).toEqual(JSON.parse(JSON.stringify(shown)));
  expect(await create('Other')).toMatchObject({ code: 'idempotency_key_reused' });
  expect(await call('createApiKey', { body: { name: 'New', role: 'service', expiresAt } })).toEqual(
    {
      kind: 'problem',
      code: 'invalid_request',
      members: { errors: [{ pointer: '/expiresAt', message: 'must be in the future' }] },
    },
  );
});

test('keys are listed in the order of their creation, in pages', async () => {
  const { create, list } = await openKeys();
  const names = ['a', 'b', 'c'];
  for (const name of names) await create({ name, role: 'service' });
  const first = await list('?limit=2');
  const second = await list(`?limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(names);
  expect(second.nextCursor).toBeNull();
});

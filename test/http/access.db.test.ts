import { expect } from 'vitest';
import { ROLES, type Route } from '../../src/contract/index.ts';
import { membersOf, problemIn } from '../support/problem.ts';
import { digestTables, testOnSharedServer, type RealServer } from './real-server.ts';
import { paramsOf, pathOf, samplesOf, type Known, type Schema } from './samples.ts';

/** Sends a valid request to a route, with the ids in `known`. */
const send = ({ exchange }: RealServer, route: Route, known: Known, authorization?: string) => {
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(route.keyed === true ? { 'idempotency-key': 'key' } : {}),
  };
  const request = { method: route.method, path: pathOf(route, paramsOf(route, known)) };
  if (route.body === undefined) return exchange({ ...request, headers });
  const body = JSON.stringify(samplesOf(route.body, known)[0]);
  const typed = { ...headers, 'content-type': 'application/json' };
  return exchange({ ...request, headers: typed, body });
};

testOnSharedServer('only the roles of a route may call it', async ({ shared: server }) => {
  const before = await digestTables(server.databaseUrl);
  const seen: string[] = [];
  const expected: string[] = [];
  for (const route of server.routes.filter(({ access }) => access !== 'public')) {
    const called = `${route.method} ${route.path}`;
    seen.push(`${called}: ${problemIn(await send(server, route, server.known))}`);
    expected.push(`${called}: unauthenticated`);
    for (const role of ROLES.filter((each) => !route.access.includes(each))) {
      const authorization = await server.bearer(role, 'alice');
      const answer = await send(server, route, server.known, authorization);
      seen.push(`${called} as ${role}: ${problemIn(answer)}`);
      expected.push(`${called} as ${role}: forbidden`);
    }
  }
  expect(seen).toEqual(expected);
  expect(seen.length).toBeGreaterThan(10);
  expect(await digestTables(server.databaseUrl)).toEqual(before);
});

testOnSharedServer(
  'a restricted parameter is open to its roles only, and its answer is private',
  async ({ shared: server }) => {
    const routes = server.routes.filter(({ restricted }) => restricted !== undefined);
    expect(routes.map(({ operation }) => operation)).toEqual(['getWallet', 'getProduct']);
    const at = new Date().toISOString();
    for (const route of routes) {
      const path = pathOf(route, paramsOf(route, server.known));
      const ask = async (query: string, role?: 'customer' | 'staff' | 'service') => {
        const authorization = role && (await server.bearer(role, 'alice'));
        const headers = authorization === undefined ? {} : { authorization };
        return server.exchange({ method: 'GET', path: path + query, headers });
      };
      for (const query of [`?at=${at}`, '?at=', '?at=x&at=y', `?%61t=${at}`]) {
        expect(problemIn(await ask(query))).toBe('unauthenticated');
        expect(problemIn(await ask(query, 'customer'))).toBe('forbidden');
      }
      expect(await ask('', 'customer')).toMatchObject({ status: 200 });
      for (const role of ['staff', 'service'] as const) {
        expect(problemIn(await ask('?at=x', role))).toBe('invalid_request');
        const answer = await ask(`?at=${at}`, role);
        expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
        expect(JSON.parse(answer.text)).toMatchObject({ asOf: at });
      }
    }
  },
);

testOnSharedServer('public routes need no token', async ({ shared: server }) => {
  // The stream names what it sends; its own tests open it.
  const routes = server.routes.filter(
    ({ access, streams }) => access === 'public' && streams !== true,
  );
  expect(routes.length).toBeGreaterThanOrEqual(2);
  for (const route of routes) {
    const answer = await send(server, route, server.known);
    // The log of so few events has none of the tiles.
    if (route.path.startsWith('/v1/log/tile/')) {
      expect(problemIn(answer)).toBe('tile_not_found');
      continue;
    }
    // An inclusion proof needs a query, whose absence is noticed after the access.
    const status = route.operation === 'getInclusionProof' ? 400 : 200;
    expect(answer).toMatchObject({ status });
  }
});

const fieldsOf = (schema: Schema | undefined): object =>
  Object.assign({}, schema?.properties, ...(schema?.anyOf ?? []).map(fieldsOf)) as object;

testOnSharedServer(
  'a route with a user id declares where its owner is named',
  async ({ shared }) => {
    const { routes } = shared;
    const named = routes.map(({ operation, params, body }) => {
      const places = Object.entries({ params, body }).filter(
        ([, part]) => 'userId' in fieldsOf(part),
      );
      return [operation, ...places.map(([place]) => place)];
    });
    const owned = routes.map(({ operation, owner }) => [operation, owner ?? []].flat());
    expect(owned).toEqual(named);
    expect(owned.filter(({ length }) => length > 1).length).toBeGreaterThan(10);
  },
);

testOnSharedServer(
  'to a customer, resources of other users look as if they did not exist',
  async ({ shared: server }) => {
    const mallory = await server.bearer('customer', 'mallory');
    // The first call registers a customer.
    const headers = { authorization: mallory };
    await server.exchange({ method: 'GET', path: '/v1/users/me/wallet', headers });
    const before = await digestTables(server.databaseUrl);

    const absent: Known = {
      ...server.known,
      userId: 'nobody',
      orderId: '01980000-0000-7000-8000-000000000000',
    };
    const routes = server.routes.filter(
      (route) =>
        route.access !== 'public' &&
        route.access.includes('customer') &&
        (route.owner !== undefined || route.path.includes(':orderId')),
    );
    expect(routes.length).toBeGreaterThanOrEqual(4);
    for (const route of routes) {
      const foreign = await send(server, route, server.known, mallory);
      const none = await send(server, route, absent, mallory);
      const code = route.owner === undefined ? 'order_not_found' : 'user_not_found';
      expect(`${route.operation} ${problemIn(foreign)}`).toBe(`${route.operation} ${code}`);
      const { instance: _, traceId: __, ...told } = membersOf(foreign);
      expect(membersOf(none)).toMatchObject(told);
    }
    expect(await digestTables(server.databaseUrl)).toEqual(before);
    expect(server.failures).toEqual([]);
  },
);

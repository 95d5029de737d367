import { Value } from 'typebox/value';
import { expect } from 'vitest';
import type { ProblemCode, Route } from '../../src/contract/index.ts';
import { words } from './bad-bodies.ts';
import { flawIn, pointersIn } from '../support/problem.ts';
import { shareOf } from '../support/seed.ts';
import { digestTables, testOnSharedServer, type RealServer } from './real-server.ts';
import { paramsOf, pathOf, samplesOf, type Schema } from './samples.ts';

/** Texts for a part of a path or query, percent-encoded or not. */
const PIECES: readonly string[] = [
  ...words(`
    null undefined true 0 -0 1 -1 1.0 1.5 1e1 01 +1 %2B1 101 0x10 1_0 %201 1%20
    9007199254740992 1e400 99999999999999999999 NaN %EF%BC%91 %D9%A1 [] %5B1%5D %7B%7D
    . .. ... %2e%2e a%2Fb ..%2F..%2Fetc a%5Cb %2500 %00 a%00b %0A %1B %7F %20
    %F0%9F%8D%8E %ED%95%9C %22 ' '%20or%201=1-- ~ ; : * = @ %26 x ME
    A0000000-0000-7000-8000-000000000000 00000000-0000-0000-0000-00000000000`),
  ...[65, 300, 499].map((length) => 'x'.repeat(length)),
  ...[65, 300].map((length) => '1'.repeat(length)),
];

/** Percent-encodings that are not UTF-8 or are truncated. */
const BROKEN = ['%', '%4', '%zz', '%ff', '%C0%80', '%ED%A0%80', '%ED%B0%80', '%E2%82', 'a%'];

/** Sends a valid body to a route at any path. */
const send = ({ exchange, headersFor, known }: RealServer, route: Route, path: string) => {
  const headers = headersFor(route);
  if (route.body === undefined) return exchange({ method: route.method, path, headers });
  const body = JSON.stringify(samplesOf(route.body, known)[0]);
  const typed = { ...headers, 'content-type': 'application/json' };
  return exchange({ method: route.method, path, headers: typed, body });
};

const MARK = '00mark00';

/** Every path parameter of every route, with a function that puts a text in its place. */
const paramPlaces = ({ routes, known }: RealServer) =>
  routes.flatMap((route) => {
    const values = paramsOf(route, known);
    return Object.keys(values).map((name) => ({
      route,
      name,
      values,
      addressOf: (piece: string) =>
        pathOf(route, { ...values, [name]: MARK }).replace(MARK, () => piece),
    }));
  });

const INVALID: ProblemCode[] = ['invalid_request'];

testOnSharedServer(
  'an invalid path parameter is rejected and changes nothing',
  async ({ shared: server }) => {
    const before = await digestTables(server.databaseUrl);
    const flaws: string[] = [];
    let sent = 0;
    const expectRefusal = async (route: Route, path: string, codes: readonly ProblemCode[]) => {
      const answer = await send(server, route, path);
      sent += 1;
      const flaw = flawIn(answer, codes, path);
      if (flaw !== undefined) flaws.push(`${route.method} ${path.slice(0, 120)} → ${flaw}`);
      return answer;
    };
    for (const { route, name, values, addressOf } of paramPlaces(server)) {
      // Another address than that of a tile may be that of another tile, of more or fewer parts.
      const isTile = route.path.startsWith('/v1/log/tile/');
      const refusals: ProblemCode[] = isTile ? ['invalid_request', 'not_found'] : INVALID;
      for (const piece of shareOf(`texts for ${route.operation} ${name}`, PIECES)) {
        const given = { ...values, [name]: decodeURIComponent(piece) };
        if (Value.Check(route.params as Schema, given)) continue;
        const path = addressOf(piece);
        const answer = await expectRefusal(route, path, refusals);
        const pointers = pointersIn(answer);
        if (!isTile && !pointers.includes(`/path/${name}`))
          flaws.push(`${path} names ${pointers.join()}`);
      }
      for (const piece of BROKEN) {
        await expectRefusal(route, addressOf(piece), ['invalid_request']);
      }
      await expectRefusal(route, addressOf(''), [
        'invalid_request',
        'not_found',
        'method_not_allowed',
      ]);
      await expectRefusal(route, addressOf('x'.repeat(501)), ['uri_too_long']);
      await expectRefusal(route, addressOf('%41'.repeat(2_000)), ['uri_too_long']);
      const longer: ProblemCode[] = ['not_found', 'method_not_allowed'];
      await expectRefusal(route, addressOf('x/y'), isTile ? [...longer, ...INVALID] : longer);
    }
    expect(flaws).toEqual([]);
    expect(sent).toBeGreaterThan(100);
    expect(await digestTables(server.databaseUrl)).toEqual(before);
    expect(server.failures).toEqual([]);
  },
);

const DIGITS = /^(?:0|[1-9]\d*)$/;

/** The values of a query string, with digits as numbers where the schema has a number. */
const readQuery = (schema: Schema, query: string): unknown => {
  const values: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const isNumber = schema.properties?.[name]?.type === 'integer' && DIGITS.test(value);
    const earlier = values[name];
    const read = isNumber ? Number(value) : value;
    values[name] = earlier === undefined ? read : [earlier, read].flat();
  }
  return values;
};

const fieldsOf = (schema: Schema | undefined) => schema?.properties ?? {};

/** Query strings for one field. */
const queriesFor = (name: string): string[] => [
  ...PIECES.map((piece) => `${name}=${piece}`),
  ...words(`
    ${name}= ${name} ${name}=1&${name}=2 ${name}=1&${name}=1 ${name}=1;x=2
    ${name}[]=1 ${name}[0]=1 ${name}[a]=1 ${name.toUpperCase()}=1 ${name}%00=1
    surprise=1 __proto__=1 constructor=1 toString=1 =1 a.b=1 %00=%00 a%2Fb~c=1
    ${name}=${'x'.repeat(2_000)} ${'x'.repeat(2_000)}=1`),
];

testOnSharedServer('an invalid query string is rejected', async ({ shared: server }) => {
  const before = await digestTables(server.databaseUrl);
  const flaws: string[] = [];
  const places = server.routes.flatMap((route) =>
    Object.keys(fieldsOf(route.query)).map((name) => ({ route, name })),
  );
  expect(places.length).toBeGreaterThanOrEqual(7);
  for (const { route, name } of places) {
    const path = pathOf(route, paramsOf(route, server.known));
    for (const query of shareOf(`queries of ${route.operation} ${name}`, queriesFor(name))) {
      const isValid = Value.Check(route.query as Schema, readQuery(route.query as Schema, query));
      // A stream does not end.
      if (isValid && route.streams === true) continue;
      const answer = await send(server, route, `${path}?${query}`);
      // A query that matches the schema may still be invalid, for example by an unknown cursor.
      const flaw =
        isValid && answer.status < 500 ? undefined : flawIn(answer, ['invalid_request'], path);
      if (flaw !== undefined) flaws.push(`${path}?${query.slice(0, 100)} → ${flaw}`);
    }
    for (const piece of BROKEN) {
      const flaw = flawIn(
        await send(server, route, `${path}?${name}=${piece}`),
        ['invalid_request'],
        path,
      );
      if (flaw !== undefined) flaws.push(`${path}?${name}=${piece} → ${flaw}`);
    }
  }
  expect(flaws).toEqual([]);
  expect(await digestTables(server.databaseUrl)).toEqual(before);
  expect(server.failures).toEqual([]);
});

testOnSharedServer(
  'an empty search, as of an empty field, lists everything',
  async ({ shared: server }) => {
    const searches = server.routes.filter(({ query }) => fieldsOf(query)['query'] !== undefined);
    expect(searches.map(({ path }) => path)).toEqual(['/v1/users', '/v1/products']);
    for (const route of searches) {
      const everything = await send(server, route, route.path);
      expect(JSON.parse(everything.text)).toMatchObject({ items: [expect.anything()] });
      const answer = await send(server, route, `${route.path}?query=`);
      expect(answer).toMatchObject({ status: 200, text: everything.text });
    }
  },
);

/** Texts inside a cursor that the service never creates. */
const FORGED: readonly string[] = [
  ...words(String.raw`
    null [] {} 1 "x" [null] [[]] [{}] [1.5] [-1] [0] [1e400] [9007199254740993] [1e300]
    ["x"] ["\u0000"] ["\ud800"] [1,2,3] [[`),
  ...words(String.raw`1 0 -1 1e300 1.5 "x" "\u0000" "\ud800" "" null`).flatMap((place) =>
    words(String.raw`"00000000-0000-0000-0000-000000000000" "x" "\u0000" 1`).map(
      (id) => `[${place},${id}]`,
    ),
  ),
];

/** The text with the name of a list before its place, as in cursors of the list. */
const withName = (list: string, text: string): string =>
  text.replace(/^\[(?!\])/, `[${JSON.stringify(list)},`);

testOnSharedServer('a forged cursor never causes an internal error', async ({ shared: server }) => {
  const flaws: string[] = [];
  const lists = server.routes.filter(({ query }) => fieldsOf(query)['cursor'] !== undefined);
  expect(lists.length).toBeGreaterThanOrEqual(2);
  for (const route of lists) {
    const path = pathOf(route, paramsOf(route, server.known));
    const { sort } = fieldsOf(route.query);
    for (const order of sort?.enum ?? ['']) {
      const values = Object.values(paramsOf(route, server.known));
      const list = [route.operation, ...values, ...(order === '' ? [] : [order])].join(' ');
      for (const text of FORGED) {
        const cursor = Buffer.from(withName(list, text)).toString('base64url');
        const by = order === '' ? '' : `&sort=${String(order)}`;
        const answer = await send(server, route, `${path}?cursor=${cursor}${by}`);
        const flaw = answer.status === 200 ? undefined : flawIn(answer, ['invalid_request'], path);
        if (flaw !== undefined) flaws.push(`${path} ${text}${by} → ${flaw}`);
      }
    }
  }
  expect(flaws).toEqual([]);
  expect(server.failures).toEqual([]);
});

testOnSharedServer(
  'a list of the longest names can be read to its end',
  async ({ shared: server }) => {
    const [create, list] = ['createProduct', 'listProducts'].map((operation) =>
      server.routes.find((route) => route.operation === operation),
    );
    if (create === undefined || list === undefined) throw new Error('no products');
    const headers = { ...server.headersFor(create), 'content-type': 'application/json' };
    for (const character of ['한', '🍎', '"']) {
      const body = JSON.stringify({ name: character.repeat(200), price: 1, stock: 1 });
      await server.exchange({ method: 'POST', path: create.path, headers, body });
    }
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const at = cursor === '' ? '' : `&cursor=${cursor}`;
      const { text } = await send(server, list, `${list.path}?sort=name&limit=1${at}`);
      const page = JSON.parse(text) as { items: { name: string }[]; nextCursor: string | null };
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['"'.repeat(200), 'Mug', '한'.repeat(200), '🍎'.repeat(200)]);
  },
);

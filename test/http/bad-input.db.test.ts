import { Format } from 'typebox/format';
import { Value } from 'typebox/value';
import { beforeAll, expect, test } from 'vitest';
import type { ProblemCode, Route } from '../../src/contract/index.ts';
import type { RawAnswer } from '../support/client.ts';
import { mutationsOf, type Mutation, type Place } from './bad-bodies.ts';
import { flawIn, pointersIn } from '../support/problem.ts';
import { shareOf } from '../support/seed.ts';
import {
  digestTables,
  startRealServer,
  testOnSharedServer,
  type RealServer,
} from './real-server.ts';
import { paramsOf, pathOf, samplesOf, type Schema } from './samples.ts';

const BODY_BYTES_MAX = 128 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const UTF8 = new TextDecoder('utf-8', { fatal: true });

// An independent check of validity: TypeBox's own checks, and the contract's rules for text.
beforeAll(() => {
  const isText = (value: string): boolean => {
    const points = Array.from(value, (character) => character.codePointAt(0) ?? 0);
    const isControl = (point: number) =>
      (point < 32 && ![9, 10, 13].includes(point)) || point === 127;
    const isC1 = (point: number) => point > 127 && point < 160;
    const isSurrogate = (point: number) => point >= 0xd800 && point <= 0xdfff;
    return !points.some((point) => isControl(point) || isC1(point) || isSurrogate(point));
  };
  Format.Set('text', isText);
  Format.Set('name', (value) => isText(value) && /[^\s\ufeff]/u.test(value));
});

/** The expected problem of a body; undefined when the body matches the schema. */
const refusalOf = (
  schema: Schema,
  body: Buffer,
  bytesMax = BODY_BYTES_MAX,
): ProblemCode | undefined => {
  if (body.length > bytesMax) return 'payload_too_large';
  try {
    const text = UTF8.decode(body);
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (text.includes('__proto__') || text.includes('prototype')) return 'invalid_request';
    return Value.Check(schema, value) ? undefined : 'invalid_request';
  } catch {
    return 'invalid_request';
  }
};

/** Media types other than JSON, or invalid ones. */
const OTHER_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/merge-patch+json',
  'application/jsonp',
  'text/json',
  'garbage',
];

const isWithin = (pointer: string, place: string): boolean =>
  pointer.startsWith(place) || place.startsWith(pointer);

const pointerTo = (place: Place): string =>
  place.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const namesPlace = (answer: RawAnswer, { place }: Mutation): boolean =>
  pointersIn(answer).some((pointer) => isWithin(pointer, pointerTo(place)));

test('an invalid body is rejected and changes nothing', async () => {
  const server = await startRealServer();
  const routes = server.routes.filter(({ body }) => body !== undefined);
  expect(routes.length).toBeGreaterThanOrEqual(6);
  const before = await digestTables(server.databaseUrl);
  expect(Object.keys(before)).toContain('commit.idempotency_keys');

  const flaws: string[] = [];
  let sent = 0;
  for (const route of routes) {
    const schema: Schema = route.body ?? {};
    const path = pathOf(route, paramsOf(route, server.known));
    const headers = { ...server.headersFor(route), ...JSON_TYPE };
    const seen = new Set<string>();
    const mutations = samplesOf(schema, server.known).flatMap(mutationsOf);
    for (const mutation of shareOf(`invalid bodies of ${route.operation}`, mutations)) {
      const { body } = mutation;
      const code = refusalOf(schema, body, route.bodyBytes);
      const identity = body.toString('latin1');
      if (code === undefined || seen.has(identity)) continue;
      seen.add(identity);
      const answer = await server.exchange({ method: route.method, path, headers, body });
      sent += 1;
      const flaw =
        flawIn(answer, [code], path) ??
        (code === 'payload_too_large' || namesPlace(answer, mutation) ? undefined : answer.text);
      if (flaw !== undefined) flaws.push(`${route.operation} ${identity.slice(0, 120)} → ${flaw}`);
    }
  }
  expect(flaws).toEqual([]);
  expect(sent).toBeGreaterThan(500);
  expect(await digestTables(server.databaseUrl)).toEqual(before);
  await expectSamplesAreTaken(server, routes);
  expect(server.failures).toEqual([]);
});

/**
 * Sends the unchanged samples, which must be accepted; so the rejections were due to the changes.
 */
const expectSamplesAreTaken = async (server: RealServer, routes: readonly Route[]) => {
  for (const route of routes) {
    const path = pathOf(route, paramsOf(route, server.known));
    const headers = { ...server.headersFor(route), ...JSON_TYPE };
    const body = JSON.stringify(samplesOf(route.body ?? {}, server.known)[0]);
    const answer = await server.exchange({ method: route.method, path, headers, body });
    expect(`${answer.status} ${answer.text}`).toMatch(/^(2|404|409)/);
    // Every invalid body was sent with this key.
    expect(answer.headers['idempotency-replayed']).toBeUndefined();
  }
};

testOnSharedServer(
  'a body with another content type than JSON is rejected and changes nothing',
  async ({ shared: server }) => {
    const before = await digestTables(server.databaseUrl);
    const flaws: string[] = [];
    for (const route of server.routes.filter(({ body }) => body !== undefined)) {
      const { method } = route;
      const path = pathOf(route, paramsOf(route, server.known));
      const body = JSON.stringify(samplesOf(route.body ?? {}, server.known)[0]);
      const send = async (code: ProblemCode, type: Record<string, string>, sent?: string) => {
        const headers = { ...server.headersFor(route), ...type };
        const answer = await server.exchange({
          method,
          path,
          headers,
          ...(sent === undefined ? {} : { body: sent }),
        });
        const flaw = flawIn(answer, [code], path);
        if (flaw !== undefined) flaws.push(`${route.operation} ${JSON.stringify(type)} → ${flaw}`);
      };
      for (const type of OTHER_TYPES) {
        await send('unsupported_media_type', { 'content-type': type }, body);
      }
      await send('unsupported_media_type', {}, body);
      if (Value.Check(route.body!, {})) continue;
      await send('invalid_request', {});
      await send('invalid_request', JSON_TYPE);
      for (const type of [JSON_TYPE, {}, { 'content-type': 'text/plain' }]) {
        await send('invalid_request', type, '');
      }
    }
    expect(flaws).toEqual([]);
    expect(await digestTables(server.databaseUrl)).toEqual(before);
    expect(server.failures).toEqual([]);
  },
);

testOnSharedServer(
  'a field that appears twice is rejected with its pointer and changes nothing',
  async ({ shared: server }) => {
    const before = await digestTables(server.databaseUrl);
    const flaws: string[] = [];
    for (const route of server.routes.filter(({ body }) => body !== undefined)) {
      const path = pathOf(route, paramsOf(route, server.known));
      const headers = { ...server.headersFor(route), ...JSON_TYPE };
      for (const sample of samplesOf(route.body ?? {}, server.known)) {
        for (const [name, value] of Object.entries(sample as object)) {
          const once = JSON.stringify(sample).slice(0, -1);
          const body = `${once},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
          const answer = await server.exchange({ method: route.method, path, headers, body });
          const flaw = flawIn(answer, ['invalid_request'], path);
          if (flaw !== undefined) flaws.push(`${route.operation} ${body} → ${flaw}`);
          expect(pointersIn(answer)).toEqual([`/${name}`]);
        }
      }
    }
    expect(flaws).toEqual([]);
    expect(await digestTables(server.databaseUrl)).toEqual(before);
  },
);

testOnSharedServer(
  'a body in another encoding is rejected with the accepted one',
  async ({ shared }) => {
    const { exchange, headersFor, databaseUrl } = shared;
    const path = '/v1/users/alice/wallet/charges';
    const before = await digestTables(databaseUrl);
    const charge = (headers: Record<string, string>) => {
      const keyed = {
        ...headersFor({ access: ['service'], operation: '', keyed: true }),
        ...headers,
      };
      return exchange({ method: 'POST', path, headers: keyed, body: '{"amount":1}' });
    };
    const encodings = [
      ...['utf-16', '"UTF-16LE"', 'iso-8859-1', '', 'utf-8x'].map((charset) => ({
        'content-type': `application/json; charset=${charset}`,
      })),
      ...['gzip', 'br', 'deflate, gzip', 'identity, gzip', 'utf-8'].map((coding) => ({
        ...JSON_TYPE,
        'content-encoding': coding,
      })),
    ];
    for (const headers of encodings) {
      const answer = await charge(headers);
      expect(flawIn(answer, ['unsupported_media_type'], path)).toBeUndefined();
      expect(answer.headers).toMatchObject({
        accept: 'application/json',
        'accept-encoding': 'identity',
      });
    }
    expect(await digestTables(databaseUrl)).toEqual(before);
    const taken = [
      { 'content-type': 'application/json; charset="UTF-8"' },
      { 'content-type': 'application/json;charset=utf-8' },
      { ...JSON_TYPE, 'content-encoding': 'Identity' },
    ];
    for (const headers of taken) expect((await charge(headers)).status).toBe(201);
  },
);

testOnSharedServer('a name without visible characters is rejected', async ({ shared }) => {
  const { exchange, headersFor } = shared;
  const path = '/v1/products';
  const create = (name: string) => {
    const headers = { ...headersFor({ access: ['staff'], operation: '' }), ...JSON_TYPE };
    const body = JSON.stringify({ name, price: 1, stock: 1 });
    return exchange({ method: 'POST', path, headers, body });
  };
  const invisible = [
    ' ',
    '\t\n',
    '\u200b',
    '\u3000\u00a0',
    '\u2060\u200d',
    '\u3164',
    '\u115f\u1160',
    '\u2800',
    '\ufeff',
    '\u0301',
  ];
  for (const name of invisible) {
    const answer = await create(name);
    expect(flawIn(answer, ['invalid_request'], path)).toBeUndefined();
    expect(pointersIn(answer)).toEqual(['/name']);
  }
  for (const name of ['약과', ' a ', '🍎', '-']) expect((await create(name)).status).toBe(201);
});

testOnSharedServer(
  'a time that does not exist and a range that ends before it begins are rejected',
  async ({ shared }) => {
    const { exchange, headersFor, known, databaseUrl } = shared;
    const path = `/v1/destinations/${String(known['destinationId'])}/replay`;
    const before = await digestTables(databaseUrl);
    const replay = (body: object) => {
      const headers = { ...headersFor({ access: ['staff'], operation: '' }), ...JSON_TYPE };
      return exchange({ method: 'POST', path, headers, body: JSON.stringify(body) });
    };
    for (const day of ['2026-02-30', '2026-02-29', '2026-04-31', '2026-13-01', '2026-00-10']) {
      for (const name of ['from', 'to']) {
        const answer = await replay({ from: '2024-02-29T00:00:00Z', [name]: `${day}T00:00:00Z` });
        expect(flawIn(answer, ['invalid_request'], path)).toBeUndefined();
      }
    }
    const times = { from: '2026-03-02T00:00:00Z', to: '2026-03-02T00:59:59+01:00' };
    expect(pointersIn(await replay(times))).toEqual(['/from']);
    expect(await digestTables(databaseUrl)).toEqual(before);
    expect((await replay({ from: '2024-02-29T00:00:00Z' })).status).toBe(202);
  },
);

testOnSharedServer(
  'an amount is accepted in any JSON notation of a whole number',
  async ({ shared }) => {
    const { exchange, headersFor, databaseUrl } = shared;
    const path = '/v1/users/alice/wallet/charges';
    const authorization = headersFor({ access: ['service'], operation: '' });
    const charge = (raw: string) => {
      const headers = { ...authorization, ...JSON_TYPE, 'idempotency-key': raw };
      return exchange({ method: 'POST', path, headers, body: `{"amount":${raw}}` });
    };
    const before = await digestTables(databaseUrl);
    for (const raw of ['1.00000000000000000001', '9007199254740991.3', '0.99999999999999999999']) {
      const answer = await charge(raw);
      expect(flawIn(answer, ['invalid_request'], path)).toBeUndefined();
      expect(pointersIn(answer)).toEqual(['/amount']);
    }
    expect(await digestTables(databaseUrl)).toEqual(before);
    for (const [raw, amount] of [
      ['1.0', 1],
      ['1.0e0', 1],
      ['1e3', 1_000],
      ['20E-1', 2],
      ['0.1e1', 1],
    ] as const) {
      const answer = await charge(raw);
      expect(answer).toMatchObject({ status: 201 });
      expect(JSON.parse(answer.text)).toMatchObject({ amount });
    }
  },
);

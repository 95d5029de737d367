import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFileDatabase } from '../../test/support/database.ts';
import {
  arrayOf,
  int2Element,
  int4Element,
  int8Element,
  jsonElement,
  nullableElement,
  textElement,
  timeElement,
  uuidElement,
  type Element,
} from './array.ts';
import { many, one, toArray } from './statement.ts';

const AWKWARD = [
  '',
  'NULL',
  'null',
  '"',
  '\\',
  '\\"',
  '{',
  '}',
  ',',
  '{a,b}',
  '\n',
  '\t ',
  ' a ',
  '한국 🛒',
];

const text = fc.oneof(
  fc.constantFrom(...AWKWARD),
  // PostgreSQL's text has every character except U+0000, and no lone surrogates.
  fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')),
  fc.array(fc.constantFrom(...AWKWARD)).map((parts) => parts.join('')),
);

let client: Client;
beforeAll(async () => {
  client = new Client({ connectionString: await createFileDatabase() });
  await client.connect();
});
afterAll(() => client.end());

/** Sends an array, and returns PostgreSQL's text of each element. */
const echo = <Value>(
  type: string,
  element: Element<Value>,
  values: readonly Value[],
): Promise<(string | null)[]> =>
  many<readonly Value[], string | null>({
    name: `array_test.${type}`,
    text: `select value::text from unnest($1::${type}[]) with ordinality as u (value, n) order by n`,
    encode: (sent) => [arrayOf(sent, nullableElement(element))],
    decode: ([value]) => value ?? null,
  })(client, values);

const TYPES = [
  { type: 'text', element: textElement, value: text, textOf: (value: string) => value },
  {
    type: 'json',
    element: jsonElement,
    value: text.map((value) => JSON.stringify({ [value]: value })),
    textOf: (value: string) => value,
  },
  { type: 'uuid', element: uuidElement, value: fc.uuid(), textOf: (value: string) => value },
  {
    type: 'smallint',
    element: int2Element,
    value: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
    textOf: String,
  },
  { type: 'integer', element: int4Element, value: fc.integer(), textOf: String },
  {
    type: 'bigint',
    element: int8Element,
    value: fc.maxSafeInteger(),
    textOf: (value: number) => String(BigInt(value)),
  },
  {
    type: 'timestamptz',
    element: timeElement,
    value: fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    }),
    textOf: (value: Date) => value.toISOString(),
  },
] as const;

const isoOf = (value: string | null): string | null =>
  value === null
    ? null
    : new Date(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString();

test.each(TYPES)('values and nulls of the type $type arrive unchanged', async (each) => {
  const {
    type,
    element: format,
    value,
    textOf,
  } = each as {
    type: string;
    element: Element<unknown>;
    value: fc.Arbitrary<unknown>;
    textOf: (value: unknown) => string;
  };
  await client.query("set timezone to 'UTC'");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(value), { maxLength: 20 }), async (sent) => {
      const received = await echo(type, nullableElement(format), sent);
      expect(type === 'timestamptz' ? received.map(isoOf) : received).toEqual(
        sent.map((element) => (element === null ? null : textOf(element))),
      );
    }),
  );
});

test('any texts come back from PostgreSQL unchanged', async () => {
  const echoArray = one<readonly string[], string[]>({
    name: 'array_test.EchoArray',
    text: 'select $1::text[]',
    encode: (values) => [arrayOf(values, textElement)],
    decode: (row) => toArray(row[0]!, String),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 20 }), async (sent) => {
      expect(await echoArray(client, sent)).toEqual(sent);
    }),
  );
});

test('an array of any size is sent whole', async () => {
  for (const length of [0, 1, 70_000, 3_000_000]) {
    const sent = ['a'.repeat(length), '한'.repeat(length), 'end'];
    expect(await echo('text', textElement, sent)).toEqual(sent);
  }
});

test('a UUID may have no dashes', async () => {
  const plain = '01890A5DAC96774BBCCEB302099A8057';
  expect(await echo('uuid', uuidElement, [plain])).toEqual([
    '01890a5d-ac96-774b-bcce-b302099a8057',
  ]);
});

test('a value that the type does not have is rejected', () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  const refused = (element: Element<never>, values: readonly unknown[]): void => {
    for (const value of values) {
      expect(() => arrayOf([value] as never[], element)).toThrow(RangeError);
    }
  };
  refused(uuidElement, [
    '',
    'NULL',
    id.slice(1),
    `${id}0`,
    id.replace('0', 'g'),
    id.replace('-', '0'),
    `${id.slice(0, 35)}한`,
  ]);
  refused(int2Element, [2 ** 15, -(2 ** 15) - 1, 0.5, Number.NaN]);
  refused(int4Element, [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN]);
  refused(int8Element, [2 ** 53, -(2 ** 53), 0.5, Number.NaN, Infinity]);
  refused(timeElement, [new Date(Number.NaN)]);
});

test('a rejected array leaves nothing in the next one', async () => {
  expect(() => arrayOf(['01890a5d-ac96-774b-bcce-b302099a8057', ''], uuidElement)).toThrow(
    RangeError,
  );
  expect(await echo('integer', int4Element, [1, 2])).toEqual(['1', '2']);
});

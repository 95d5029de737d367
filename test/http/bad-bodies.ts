/** A place in a JSON value: the steps of a JSON pointer (RFC 6901). */
export type Place = readonly (string | number)[];

/** A changed body, and the place of the change. */
export interface Mutation {
  readonly place: Place;
  readonly body: Buffer;
}

const DEPTH = 5_000;

/** The parts of a text between white space. */
export const words = (text: string): string[] => text.trim().split(/\s+/);

/** JSON texts that replace a value. */
const JSON_TEXTS: readonly string[] = [
  ...words(String.raw`
    null true false [] {} [null] [[1]] {"a":1} {"toString":1}
    0 -0 1 -1 1.0 1.0e0 1.5 0.1 -0.5 1e-1 1e-400 5e-324
    9007199254740991 9007199254740992 9007199254740993 -9007199254740992
    9223372036854775807 9223372036854775808 1e21 1e308 1e400 -1e400
    "1" "-1" "1.0" "1e3" "0" "true" "null" "" "me" "\n" "../x" "a/b" "%00" "ⅷ"
    "A0000000-0000-7000-8000-000000000000"
    "\u0000" "a\u0000b" "\u001b[2J" "\u0085" "\ufeff"
    "\ud800" "\udc00a" "\udc00\ud800" "a\ud83d" "https://\ud800"`),
  '" "',
  ...[300, 2_500, 12_000, 200_000].map((length) => `"${'x'.repeat(length)}"`),
  `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
  `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
];

/** Texts that are not JSON but that some parsers accept. */
const OTHER_TEXTS: readonly string[] = [
  ...words(String.raw`
    undefined NaN Infinity -Infinity 01 +1 .5 1. 1e 0x10 1_000 1,1 {1:1}
    '1' "\x41" "\u12" "open [1,] {"a":1,} [ { ] }`),
  '',
  '1 1',
  '1 /* */',
  '"\u0000"',
  '"\u001f"',
  '\u00a01',
  '['.repeat(DEPTH),
];

const VALUES = [...JSON_TEXTS, ...OTHER_TEXTS];

/**
 * Bytes in a string that are not UTF-8: a surrogate, an overlong NUL, a truncated character, an
 * invalid byte.
 */
const BYTES: readonly (readonly number[])[] = [
  [0xed, 0xa0, 0x80],
  [0xed, 0xb0, 0x80],
  [0xc0, 0x80],
  [0xe2, 0x82],
  [0xff],
  [0xf5, 0x80, 0x80, 0x80],
];

const MARK = '\u{10ffff}';

/** JSON text of a value with `raw` at one place; without `raw` the place is omitted. */
const render = (value: unknown, place: Place, raw: string | undefined): string | undefined => {
  const [step, ...rest] = place;
  if (step === undefined) return raw;
  const edited = (name: string | number, inner: unknown): string | undefined =>
    String(name) === String(step) ? render(inner, rest, raw) : JSON.stringify(inner);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => edited(index, item));
    return `[${items.filter((item) => item !== undefined).join(',')}]`;
  }
  const members = Object.entries(value as object).flatMap(([name, inner]) => {
    const text = edited(name, inner);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(',')}}`;
};

/** Every place in a value with the value at it, the root first. */
const placesIn = (value: unknown, place: Place = []): (readonly [Place, unknown])[] => [
  [place, value],
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...place, name]))
    : []),
];

/** The JSON text of an object with an additional last member. */
const withMember = (value: object, member: string): string =>
  `${[JSON.stringify(value).slice(0, -1), member].join(Object.keys(value).length > 0 ? ',' : '')}}`;

const objectTexts = (value: object): readonly (readonly [string, string])[] => [
  ...['surprise', '', 'a/b~c', 'Amount', 'userid', 'constructor', 'toString'].map(
    (name) => [name, withMember(value, `${JSON.stringify(name)}:1`)] as const,
  ),
  ...['__proto__', 'constructor'].map(
    (name) => [name, withMember(value, `"${name}":{"prototype":{"amount":1}}`)] as const,
  ),
  // Parsers use the last of two members with the same name, so this text must be rejected.
  ...Object.keys(value).map(
    (name) => [name, withMember(value, `${JSON.stringify(name)}:[-1]`)] as const,
  ),
];

const MANY_ITEMS = 1_001;
const arrayTexts = (items: readonly unknown[]): string[] => [
  JSON.stringify(Array.from({ length: MANY_ITEMS }, () => items[0])),
  JSON.stringify({ length: 1, 0: items[0] }),
];

/** Bodies that differ from a valid body at one place; a few of them are still valid. */
export const mutationsOf = (valid: unknown): Mutation[] =>
  placesIn(valid).flatMap(([place, value]) => {
    const changed = (raw: string | undefined, at = place): Mutation => ({
      place: at,
      body: Buffer.from(render(valid, place, raw) ?? ''),
    });
    const bytes = BYTES.map((sequence) => {
      const [before = '', after = ''] = (render(valid, place, `"a${MARK}"`) ?? '').split(MARK);
      const body = Buffer.concat([Buffer.from(before), Buffer.from(sequence), Buffer.from(after)]);
      return { place, body };
    });
    const shaped = Array.isArray(value)
      ? arrayTexts(value).map((raw) => changed(raw))
      : typeof value === 'object' && value !== null
        ? objectTexts(value).map(([name, raw]) => changed(raw, [...place, name]))
        : [];
    return [changed(undefined), ...VALUES.map((raw) => changed(raw)), ...bytes, ...shaped];
  });

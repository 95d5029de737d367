/**
 * Array parameters in PostgreSQL's binary format: PostgreSQL parses none of their elements, and no
 * element needs quotes. Each format is that of the type's receive function (`array_recv`,
 * `uuid_recv` and so on), which the PostgreSQL documentation, section 54.1.3, leaves to the types.
 */

/** The binary format of the elements of one PostgreSQL type. */
export interface Element<Value> {
  /** The type's OID, fixed for the built-in types (pg_type.dat). */
  readonly oid: number;
  /** Appends an element to the array that is being written. */
  readonly write: (value: Value) => void;
}

const BYTES_AT_FIRST = 64 * 1024;
/** An array that needed more does not keep its memory. */
const BYTES_KEPT_MAX = 1024 * 1024;

// One array is written at a time, without an `await`, so all arrays are written to the same bytes.
let bytes = Buffer.allocUnsafeSlow(BYTES_AT_FIRST);
let view = new DataView(bytes.buffer);
let end = 0;

const replaceBytes = (length: number): void => {
  const longer = Buffer.allocUnsafeSlow(length);
  bytes.copy(longer, 0, 0, end);
  bytes = longer;
  view = new DataView(bytes.buffer);
};

/** Makes room for an element; returns where it begins. */
const append = (length: number): number => {
  const begin = end;
  if (begin + length > bytes.length) replaceBytes(2 * (begin + length));
  end = begin + length;
  return begin;
};

const appendInt32 = (value: number): void => {
  view.setInt32(append(4), value);
};

/** One column of many rows as an array. */
export const column = <Row, Value>(
  rows: readonly Row[],
  valueOf: (row: Row) => Value,
  element: Element<Value>,
): Buffer => {
  end = 0;
  appendInt32(rows.length === 0 ? 0 : 1);
  // `array_recv` finds nulls itself and ignores this flag.
  appendInt32(0);
  appendInt32(element.oid);
  if (rows.length > 0) {
    appendInt32(rows.length);
    // Elements are numbered from 1.
    appendInt32(1);
  }
  for (const row of rows) element.write(valueOf(row));
  const array = Buffer.from(bytes.subarray(0, end));
  end = 0;
  if (bytes.length > BYTES_KEPT_MAX) replaceBytes(BYTES_AT_FIRST);
  return array;
};

/** Values as an array. */
export const arrayOf = <Value>(values: readonly Value[], element: Element<Value>): Buffer =>
  column(values, (value) => value, element);

const UTF8_BYTES_MAX = 3;

const writeText = (value: string): void => {
  const begin = append(4 + UTF8_BYTES_MAX * value.length);
  const length = bytes.write(value, begin + 4);
  view.setInt32(begin, length);
  end = begin + 4 + length;
};

/** A text. */
export const textElement: Element<string> = { oid: 25, write: writeText };

/** JSON text. */
export const jsonElement: Element<string> = { oid: 114, write: writeText };

const requireInteger = (value: number, bits: number): void => {
  const limit = 2 ** (bits - 1);
  if (Number.isInteger(value) && value >= -limit && value < limit) return;
  throw new RangeError(`${value} is not an integer of ${bits} bits`);
};

/** A smallint. */
export const int2Element: Element<number> = {
  oid: 21,
  write: (value) => {
    requireInteger(value, 16);
    appendInt32(2);
    view.setInt16(append(2), value);
  },
};

/** An integer. */
export const int4Element: Element<number> = {
  oid: 23,
  write: (value) => {
    requireInteger(value, 32);
    appendInt32(4);
    appendInt32(value);
  },
};

const TWO_TO_32 = 2 ** 32;

const writeInt64 = (high: number, low: number): void => {
  appendInt32(8);
  const begin = append(8);
  view.setInt32(begin, high);
  view.setUint32(begin + 4, low);
};

/** A bigint that a JavaScript number holds exactly. */
export const int8Element: Element<number> = {
  oid: 20,
  write: (value) => {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
    writeInt64(Math.floor(value / TWO_TO_32), value >>> 0);
  },
};

/** PostgreSQL counts microseconds from this time. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const MICROSECONDS = 1_000;

/** A timestamptz, exact to the millisecond. */
export const timeElement: Element<Date> = {
  oid: 1184,
  write: (value) => {
    const ms = value.getTime() - EPOCH_MS;
    if (Number.isNaN(ms)) throw new RangeError('the time is invalid');
    // The product of the whole number can be too large to be exact.
    const low = (ms >>> 0) * MICROSECONDS;
    const high = Math.floor(ms / TWO_TO_32) * MICROSECONDS + Math.floor(low / TWO_TO_32);
    writeInt64(high, low >>> 0);
  },
};

const UUID_BYTES = 16;
const PLAIN_LENGTH = 32;
const NOT_HEX = 0xff;

const HEX = new Uint8Array(256).fill(NOT_HEX);
for (const [digit, value] of Object.entries({ a: 10, b: 11, c: 12, d: 13, e: 14, f: 15 })) {
  HEX[digit.charCodeAt(0)] = value;
  HEX[digit.toUpperCase().charCodeAt(0)] = value;
}
for (let digit = 0; digit < 10; digit += 1) HEX['0'.charCodeAt(0) + digit] = digit;

/** Where the digits of each byte are in a UUID's text, with and without dashes. */
const DASHED_PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const PLAIN_PLACES = DASHED_PLACES.map((_, index) => 2 * index);
const DASHED_LENGTH = 36;
const DASHES = [8, 13, 18, 23];

const placesIn = (value: string): readonly number[] | undefined => {
  if (value.length === PLAIN_LENGTH) return PLAIN_PLACES;
  const isDashed = value.length === DASHED_LENGTH && DASHES.every((at) => value[at] === '-');
  return isDashed ? DASHED_PLACES : undefined;
};

/** A UUID with its dashes (RFC 9562 §4) or without them. */
export const uuidElement: Element<string> = {
  oid: 2950,
  write: (value) => {
    const places = placesIn(value) ?? [];
    appendInt32(UUID_BYTES);
    let begin = append(UUID_BYTES);
    let isValid = places.length === UUID_BYTES;
    for (const place of places) {
      const high = HEX[value.charCodeAt(place)] ?? NOT_HEX;
      const low = HEX[value.charCodeAt(place + 1)] ?? NOT_HEX;
      isValid &&= high !== NOT_HEX && low !== NOT_HEX;
      bytes[begin++] = (high << 4) | low;
    }
    if (!isValid) throw new RangeError(`"${value}" is not a UUID`);
  },
};

const NULL_LENGTH = -1;

/** An element that may be null. */
export const nullableElement = <Value>({ oid, write }: Element<Value>): Element<Value | null> => ({
  oid,
  write: (value) => (value === null ? appendInt32(NULL_LENGTH) : write(value)),
});

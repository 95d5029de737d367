import { TABLES_AND_LOGS, type TableName } from '../shop/index.ts';

/** A row of the database that differs from what the journal gives. */
export interface Violation {
  /** The table, or what else was checked. */
  readonly part: string;
  /** The place in the part; a later check of the same place replaces the violation. */
  readonly key: string;
  /** The numbers of the violated invariants in docs/invariants.md. */
  readonly invariants: readonly string[];
  readonly kind: SubjectKind;
  /** The id of the wallet's user, the product, the order … that is affected. */
  readonly subject: string;
  /** The differing fields; null for a row that must not or does not exist. */
  readonly expected: object | null;
  readonly found: object | null;
  /** The position of the last event that is part of `expected`. */
  readonly since: number | null;
}

/** Checked keys of a part, and the violations among them. */
export interface Checked {
  readonly part: string;
  readonly keys: readonly string[];
  readonly violations: readonly Violation[];
}

/** A position as a key, so that keys have the order of positions. */
export const placeOf = (position: number): string => String(position).padStart(19, '0');

export const SUBJECT_KINDS = [
  'wallet',
  'product',
  'order',
  'cart',
  'event',
  'idempotency_key',
  'subscriber',
  'database',
] as const;

type SubjectKind = (typeof SUBJECT_KINDS)[number];

type Fields = Readonly<Record<string, unknown>>;

/** What a table's rows are about, and the invariants that a differing field violates. */
interface Meaning {
  readonly kind: SubjectKind;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** The invariants that a missing or an unknown row violates; without one, any row. */
  readonly row: (row?: Fields) => readonly string[];
}

const MONEY = ['W2', 'W3'];
const OF_ORDERS: ReadonlySet<unknown> = new Set(['payment', 'refund']);
const none = () => [];
/** What the rows of each table mean; the compiler rejects a missing table. */
const MEANINGS: { readonly [Name in TableName]: Meaning } = {
  wallets: { kind: 'wallet', fields: { balance: MONEY, entryCount: ['W2'] }, row: () => MONEY },
  transfers: {
    kind: 'wallet',
    fields: { amount: MONEY, kind: ['W3'], balanceAfter: ['W2'], reference: ['O1'], sum: ['W2'] },
    row: (row) => (OF_ORDERS.has(row?.['kind']) ? [...MONEY, 'O1'] : MONEY),
  },
  products: { kind: 'product', fields: { onHand: ['S2'], reserved: ['S3'] }, row: () => ['S2'] },
  descriptions: { kind: 'product', fields: {}, row: none },
  skus: { kind: 'product', fields: {}, row: none },
  orders: {
    kind: 'order',
    fields: { status: ['O2'], total: ['O1'], refundedTotal: ['O1'], lines: ['O1'], paidAt: ['O1'] },
    row: () => ['O2'],
  },
  buyers: { kind: 'wallet', fields: {}, row: none },
  carts: { kind: 'cart', fields: {}, row: none },
};

/** A column's value in a form that `===` compares. */
const plain = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
};

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

/** A stored JSON column may be text, which is compared as text first: parsing costs more. */
const parsed = (given: unknown, stored: unknown): unknown =>
  isObject(given) && typeof stored === 'string' ? (JSON.parse(stored) as unknown) : stored;

/** Whether a column's value is what the journal gives. */
export const isSameValue = (given: unknown, stored: unknown): boolean =>
  plain(given) === plain(stored) || plain(given) === plain(parsed(given, stored));

/** The names of the fields that differ between a given and a stored row. */
const differingFields = (given: Fields, stored: Fields): string[] =>
  [...new Set([...Object.keys(given), ...Object.keys(stored)])].filter(
    (name) => !isSameValue(given[name], stored[name]),
  );

const pick = (row: Fields, names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]));

/** The subject of a row: a row of transfers is about its wallet, of SKUs about its product. */
const subjectOf = (key: string, row: Fields): string => {
  const ids = ['orderId', 'userId', 'productId'].map((name) => row[name]);
  return ids.find((id) => typeof id === 'string') ?? key;
};

/** Units that the constraints forbid (S1). */
const isImpossible = ({ onHand, reserved }: Fields): boolean =>
  typeof onHand === 'number' && typeof reserved === 'number' && (reserved < 0 || onHand < reserved);

/**
 * The invariants that a difference between what the journal gives and the stored row violates,
 * besides J1; `undefined` is no row, and of two of them, any row.
 */
export const invariantsOf = (
  table: TableName,
  given: object | undefined,
  stored: object | undefined,
): string[] => {
  const { fields, row } = MEANINGS[table];
  const [expected, found] = [given, stored] as (Fields | undefined)[];
  if (expected === undefined || found === undefined) return [...row(expected ?? found)];
  const violated = differingFields(expected, found).flatMap((name) => fields[name] ?? []);
  if (table === 'products' && isImpossible(found)) violated.push('S1');
  return [...new Set(violated)];
};

/**
 * Compares what the journal gives for a key of a table with the stored row; `undefined` is no row.
 * Returns undefined when they are equal.
 */
export const compareRows = (
  table: TableName,
  key: string,
  given: object | undefined,
  stored: object | undefined,
  since: number | null,
): Violation | undefined => {
  const [expected, found] = [given, stored] as (Fields | undefined)[];
  const row = expected ?? found;
  if (row === undefined) return undefined;
  const { kind } = MEANINGS[table];
  const part = TABLES_AND_LOGS[table].name;
  const place = { part, key, kind, subject: subjectOf(key, row), since };
  const violated = () => [...invariantsOf(table, expected, found), 'J1'];
  if (expected === undefined || found === undefined) {
    return { ...place, invariants: violated(), expected: expected ?? null, found: found ?? null };
  }
  const names = differingFields(expected, found);
  if (names.length === 0) return undefined;
  return {
    ...place,
    invariants: violated(),
    expected: pick(expected, names),
    found: Object.fromEntries(names.map((name) => [name, parsed(expected[name], found[name])])),
  };
};

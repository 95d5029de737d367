import type { components } from '@moa-commerce/client';

export type Audit = components['schemas']['Audit'];
export type Violation = Audit['violations'][number];

/** A round starts every minute by default; so long without one, and none is likely to come. */
const STALE_MS = 15 * 60_000;
/** Rounds that may be late or fail, where a round starts less often. */
const STALE_ROUNDS = 3;

export type Freshness = 'fresh' | 'stale' | 'never';

/** Whether rounds arrive; without them the last verdict says nothing about now. */
export const freshnessOf = (
  { provenAt, intervalSeconds }: Pick<Audit, 'provenAt' | 'intervalSeconds'>,
  now: number,
): Freshness => {
  if (provenAt === null) return 'never';
  const staleMs = Math.max(STALE_MS, STALE_ROUNDS * intervalSeconds * 1_000);
  return now - Date.parse(provenAt) > staleMs ? 'stale' : 'fresh';
};

/** The list of the console that shows a subject, with the subject open; undefined without one. */
export const placeOf = ({ kind, subject }: Pick<Violation, 'kind' | 'subject'>) => {
  switch (kind) {
    case 'wallet':
    case 'cart':
      return { to: '/console/wallets', search: { user: subject } } as const;
    case 'product':
      return { to: '/console/products', search: { product: subject } } as const;
    case 'order':
      return { to: '/console/orders', search: { order: subject } } as const;
    case 'event':
    case 'idempotency_key':
    case 'subscriber':
    case 'database':
      return undefined;
  }
};

type Row = Readonly<Record<string, unknown>> | null;

export interface Difference {
  readonly field: string;
  /** Undefined where the row must not have the field, or does not exist. */
  readonly expected: string | undefined;
  readonly found: string | undefined;
}

const textOf = (row: Row, field: string): string | undefined => {
  const value = row?.[field];
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** The fields of a violation, as expected and as found. */
export const differencesOf = (violation: {
  readonly expected: Row;
  readonly found: Row;
}): Difference[] => {
  const { expected, found } = violation;
  const fields = new Set([...Object.keys(expected ?? {}), ...Object.keys(found ?? {})]);
  return Array.from(fields, (field) => ({
    field,
    expected: textOf(expected, field),
    found: textOf(found, field),
  }));
};

/** Violated invariants, or rounds that have stopped. */
export type AuditTrouble =
  | { readonly kind: 'broken'; readonly invariants: readonly string[] }
  | { readonly kind: 'stale'; readonly provenAt: string };

/** What keeps an audit from being all well, for the page of today; undefined if nothing does. */
export const auditTroubleOf = (
  audit: Pick<Audit, 'provenAt' | 'intervalSeconds' | 'invariants'>,
  now: number,
): AuditTrouble | undefined => {
  const broken = audit.invariants.filter(({ verdict }) => verdict === 'broken');
  if (broken.length > 0) {
    return { kind: 'broken', invariants: broken.map(({ invariant }) => invariant) };
  }
  return audit.provenAt !== null && freshnessOf(audit, now) === 'stale'
    ? { kind: 'stale', provenAt: audit.provenAt }
    : undefined;
};

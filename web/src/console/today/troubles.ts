import type { AuditTrouble } from '../proof/rules.ts';
import type { Operations, Sample } from './samples.ts';

/** A destination with what makes it worth a look. */
export interface DestinationState {
  readonly destinationId: string;
  readonly name: string;
  readonly status: 'active' | 'paused';
  readonly deadLetters: number;
}

/** What is wrong, and its figures. */
export type Trouble =
  | { readonly kind: 'audit'; readonly audit: AuditTrouble }
  | { readonly kind: 'not_live' }
  | { readonly kind: 'not_read' }
  | { readonly kind: 'not_ready'; readonly checks: readonly string[] }
  | { readonly kind: 'lag'; readonly seconds: number }
  | { readonly kind: 'dead_letters'; readonly destination: DestinationState }
  | { readonly kind: 'paused'; readonly destination: DestinationState }
  | { readonly kind: 'queue'; readonly length: number }
  | { readonly kind: 'slow_commit'; readonly ms: number }
  | { readonly kind: 'refusals'; readonly count: number; readonly code: string }
  | {
      readonly kind: 'mostly_refused';
      readonly count: number;
      readonly orders: number;
      readonly code: string;
    }
  | { readonly kind: 'sold_out'; readonly productIds: readonly string[]; readonly name: string };

/** Receivers that answer get events within seconds; half a minute means that one does not. */
const LAG_MAX_SECONDS = 30;
/** A batch takes up to 512 commands; a queue of two batches grows faster than it is worked off. */
const QUEUE_MAX = 1_000;
/** A buyer notices half a second. */
const COMMIT_MAX_MS = 500;
/** Fewer refusals in a minute are single customers. */
const REFUSALS_MIN = 10;
/** So many times the refusals of the minutes before. */
const REFUSALS_RISE = 2;
const MINUTES_BEFORE = 10;
const MINUTE_MS = 60_000;

export interface Seen {
  readonly operations: Operations | undefined;
  readonly samples: readonly Sample[];
  readonly isLate: boolean;
  /** What the audit complains about. */
  readonly audit: AuditTrouble | undefined;
  /** Whether the destinations and the products were read. */
  readonly isRead: boolean;
  readonly failedChecks: readonly string[];
  readonly destinations: readonly DestinationState[];
  readonly soldOut: readonly { readonly productId: string; readonly name: string }[];
}

/** The mean of the refusals per minute in the minutes before the last one; undefined if unknown. */
const refusalsBefore = (samples: readonly Sample[]): number | undefined => {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const before = samples.filter(
    ({ at }) => at <= last.at - MINUTE_MS && at > last.at - (MINUTES_BEFORE + 1) * MINUTE_MS,
  );
  if (before.length === 0) return undefined;
  const sum = before.reduce((total, each) => total + each.operations.refusalsPerMinute, 0);
  return sum / before.length;
};

const troublesOf = (operations: Operations, samples: readonly Sample[]): Trouble[] => {
  const { queueLength, commitP99Ms, deliveryLagSeconds } = operations;
  const { ordersPerMinute, refusalsPerMinute, refusals } = operations;
  const before = refusalsBefore(samples);
  const isRising =
    refusalsPerMinute >= REFUSALS_MIN &&
    before !== undefined &&
    refusalsPerMinute > before * REFUSALS_RISE;
  const isMostly = refusalsPerMinute >= REFUSALS_MIN && refusalsPerMinute > ordersPerMinute;
  const [first] = refusals;
  return [
    ...(queueLength > QUEUE_MAX ? [{ kind: 'queue', length: queueLength } as const] : []),
    ...(commitP99Ms !== null && commitP99Ms > COMMIT_MAX_MS
      ? [{ kind: 'slow_commit', ms: commitP99Ms } as const]
      : []),
    ...(deliveryLagSeconds > LAG_MAX_SECONDS
      ? [{ kind: 'lag', seconds: deliveryLagSeconds } as const]
      : []),
    ...(isMostly && first !== undefined
      ? [
          {
            kind: 'mostly_refused',
            count: refusalsPerMinute,
            orders: ordersPerMinute,
            code: first.code,
          } as const,
        ]
      : []),
    ...(isRising && !isMostly && first !== undefined
      ? [{ kind: 'refusals', count: refusalsPerMinute, code: first.code } as const]
      : []),
  ];
};

/** Everything that is wrong, the most urgent first; empty when all is well. */
export const findTroubles = (seen: Seen): Trouble[] => {
  const { operations, samples, isLate, isRead, audit, failedChecks, destinations, soldOut } = seen;
  const [sold] = soldOut;
  return [
    ...(audit?.kind === 'broken' ? [{ kind: 'audit', audit } as const] : []),
    ...(failedChecks.length > 0 ? [{ kind: 'not_ready', checks: failedChecks } as const] : []),
    ...(operations === undefined && isLate ? [{ kind: 'not_live' } as const] : []),
    ...(isRead || !isLate ? [] : [{ kind: 'not_read' } as const]),
    ...(operations === undefined ? [] : troublesOf(operations, samples)),
    ...destinations.flatMap((destination): Trouble[] => [
      ...(destination.deadLetters > 0 ? [{ kind: 'dead_letters', destination } as const] : []),
      ...(destination.status === 'paused' ? [{ kind: 'paused', destination } as const] : []),
    ]),
    ...(audit?.kind === 'stale' ? [{ kind: 'audit', audit } as const] : []),
    ...(sold === undefined
      ? []
      : [
          {
            kind: 'sold_out',
            productIds: soldOut.map(({ productId }) => productId),
            name: sold.name,
          } as const,
        ]),
  ];
};

import type { Queryable } from '../../database/statement.ts';
import {
  TILE_WIDTH,
  checkCheckpoint,
  checkLeaves,
  findLeafBeyond,
  type LogViolation,
} from '../../log/core.ts';
import { placeOf, type Checked, type Violation } from '../difference.ts';
import { END, type Part } from './slice.ts';

const LEAVES = 'log.leaves';
const CHECKPOINT = 'log.checkpoint';
/** The subscriber that appends leaves. */
const SUBSCRIBER = 'cursor transparency-log';
/** More new leaves are left to the scrub: hashing their events takes too long. */
const NEW_MAX = 20_000;
const LEAF = placeOf(0).length;

/** A subscriber now, and its position in the last round. */
interface SubscriberRead {
  readonly name: string;
  readonly position: number;
  readonly before: number | null;
}

/** The violations of one leaf or event have one place, so that a later check replaces them. */
const violationOf = ({ leaf, eventId, position, fault }: LogViolation): Violation => ({
  part: LEAVES,
  key: `${placeOf(leaf)} ${position === undefined ? 'tile' : placeOf(position)}`,
  invariants: ['L1'],
  kind: eventId === undefined ? 'database' : 'event',
  subject: eventId ?? `leaf ${leaf}`,
  expected: null,
  found: position === undefined ? { leaf, fault } : { leaf, position, fault },
  since: position ?? null,
});

/** The leaves of the transparency log, against the events and the tiles (L1). */
export const leavesPart: Part = {
  name: LEAVES,
  start: '',
  sizedBy: { table: LEAVES },
  check: async ({ db }, after, limit) => {
    const { size } = await checkCheckpoint(db);
    const begin = after === '' ? 0 : Number(after.slice(0, LEAF)) + 1;
    // A slice ends where a tile ends.
    const end = Math.min(size, begin + Math.ceil(limit / TILE_WIDTH) * TILE_WIDTH);
    const found = begin < end ? await checkLeaves(db, { begin, end }) : [];
    return {
      upTo: end === size ? undefined : `${placeOf(end - 1)}${END}`,
      visited: Math.max(0, end - begin),
      violations: found.map(violationOf),
    };
  },
};

/** The leaves that were appended since the last round; none of them while they are too many. */
const checkNewLeaves = async (
  db: Queryable,
  subscribers: readonly SubscriberRead[],
  size: number,
): Promise<Violation[]> => {
  const { before, position } = subscribers.find(({ name }) => name === SUBSCRIBER) ?? {};
  if (before === undefined || before === null || before === position) return [];
  const begin = await findLeafBeyond(db, before);
  if (begin === undefined || begin >= size || size - begin > NEW_MAX) return [];
  return (await checkLeaves(db, { begin, end: size })).map(violationOf);
};

/** Checks the checkpoint and the leaves that are new since the last round (L1). */
export const checkLogHead = async (
  db: Queryable,
  subscribers: readonly SubscriberRead[],
): Promise<Checked[]> => {
  const { size, faults } = await checkCheckpoint(db);
  const violation: Violation = {
    part: CHECKPOINT,
    key: CHECKPOINT,
    invariants: ['L1'],
    kind: 'database',
    subject: `checkpoint of ${size} leaves`,
    expected: null,
    found: { faults },
    since: null,
  };
  const violations = await checkNewLeaves(db, subscribers, size);
  return [
    { part: CHECKPOINT, keys: [CHECKPOINT], violations: faults.length > 0 ? [violation] : [] },
    { part: LEAVES, keys: violations.map(({ key }) => key), violations },
  ];
};

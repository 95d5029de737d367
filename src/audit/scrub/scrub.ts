import type { Violation } from '../difference.ts';
import { leavesPart } from './log-part.ts';
import { estimateRows, findScrubs } from './queries.gen.ts';
import { RECORD_PARTS } from './record-parts.ts';
import { ROW_PARTS } from './row-parts.ts';
import type { Part, Scene } from './slice.ts';

/** A checked range of a part; its earlier violations are replaced. */
export interface CheckedRange {
  readonly part: string;
  readonly after: string;
  /** Null at the part's end. */
  readonly upTo: string | null;
  readonly violations: readonly Violation[];
}

/** How far the scrub of a part is. */
export interface ScrubProgress {
  readonly part: string;
  readonly after: string;
  readonly visited: number;
  readonly beganAt: Date;
  readonly completedAt: Date | null;
}

export interface Pace {
  /** The time between two rounds. */
  readonly everyMs: number;
  /** The time in which everything is to be visited. */
  readonly scrubMs: number;
  /** The most transfers or positions that a slice counts; 500,000 by default. */
  readonly countMax?: number;
}

const PARTS: readonly Part[] = [...ROW_PARTS, ...RECORD_PARTS, leavesPart];
/** The tables whose sizes set the pace. */
const TABLES = PARTS.flatMap(({ sizedBy }) => ('table' in sizedBy ? [sizedBy.table] : []));

/** Rows of a slice: a small shop is visited whole in each round. */
const ROWS_MIN = 500;
/** Checking more rows takes longer than a second. */
const ROWS_MAX = 20_000;
/** As many as the best sellers have days: a fast scrub visits all of them in one round. */
const SLICES_MAX = 30;
/** Counting more takes seconds, in which PostgreSQL keeps old versions of hot rows. */
const COUNT_MAX = 500_000;
/** The scrub is faster than it must be, because sizes are estimates and rounds can fail. */
const MARGIN = 1.2;

const clamp = (value: number, min: number, max: number): number =>
  Math.max(min, Math.min(max, Math.ceil(value)));

/** The slices of one round, and the rows of each. */
const shareOf = (
  { sizedBy }: Part,
  rows: ReadonlyMap<string, number>,
  { everyMs, scrubMs }: Pace,
): { readonly slices: number; readonly limit: number } => {
  const share = (everyMs / scrubMs) * MARGIN;
  if ('slices' in sizedBy) {
    return { slices: clamp(sizedBy.slices * share, 1, SLICES_MAX), limit: 1 };
  }
  const size = (rows.get(sizedBy.table) ?? 0) * share;
  return sizedBy.rowsPerSlice === undefined
    ? { slices: 1, limit: clamp(size, ROWS_MIN, ROWS_MAX) }
    : { slices: clamp(size / sizedBy.rowsPerSlice, 1, SLICES_MAX), limit: 1 };
};

/**
 * Checks a bounded part of everything that is stored, changed or not, from where the last round
 * ended. Reads one snapshot and writes nothing.
 */
export const scrub = async (
  scene: Scene,
  pace: Pace,
): Promise<{ readonly ranges: CheckedRange[]; readonly progress: ScrubProgress[] }> => {
  const known = new Map((await findScrubs(scene.db)).map((each) => [each.part, each]));
  const estimates = await estimateRows(scene.db, { names: TABLES });
  const rows = new Map(estimates.map((each) => [each.name, each.rows]));
  const { countMax = COUNT_MAX } = pace;
  const ranges: CheckedRange[] = [];
  const progress: ScrubProgress[] = [];
  for (const part of PARTS) {
    const { now } = scene;
    const begin = { after: part.start, visited: 0, beganAt: now };
    let state: ScrubProgress = known.get(part.name) ?? {
      part: part.name,
      ...begin,
      completedAt: null,
    };
    const { slices, limit } = shareOf(part, rows, pace);
    for (let slice = 0; slice < slices; slice++) {
      const { after } = state;
      const { upTo, visited, violations } = await part.check(scene, after, limit, countMax);
      if (violations !== undefined) {
        ranges.push({ part: part.name, after, upTo: upTo ?? null, violations });
      }
      if (upTo === undefined) {
        state = { part: part.name, ...begin, completedAt: now };
        break;
      }
      state = { ...state, after: upTo, visited: state.visited + visited };
    }
    progress.push(state);
  }
  return { ranges, progress };
};

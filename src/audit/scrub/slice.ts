import type { Queryable } from '../../database/statement.ts';
import type { Violation } from '../difference.ts';
import type { KeptRows } from '../kept.ts';

/** The snapshot of a round, in which every event is folded. */
export interface Scene {
  readonly db: Queryable;
  /** The snapshot's time. */
  readonly now: Date;
  /** The proven position that is stored: digests of later events are not. */
  readonly position: number;
  /** What the events beyond `position` have changed. */
  readonly changed: KeptRows;
}

/** Sorts after every key that begins with the same text. */
export const END = '~';

/** A checked range of a part: from a key, exclusive, up to a key, inclusive. */
interface Slice {
  /** The last key; undefined at the part's end. */
  readonly upTo: string | undefined;
  /** The number of rows that were compared. */
  readonly visited: number;
  /** Undefined if the slice was left out: counting it takes too long. */
  readonly violations: readonly Violation[] | undefined;
}

/** A part of the database that the scrub visits in slices. */
export interface Part {
  readonly name: string;
  /** Before every key. */
  readonly start: string;
  /** What sets the pace: a table's rows, in slices of any or of one size, or a number of slices. */
  readonly sizedBy:
    | { readonly table: string; readonly rowsPerSlice?: number }
    | { readonly slices: number };
  /** Checks about `limit` rows after a key; leaves out what needs a count of more than `countMax`. */
  readonly check: (scene: Scene, after: string, limit: number, countMax: number) => Promise<Slice>;
}

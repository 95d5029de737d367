/** How far the journal can be read. */
export interface Frontier {
  /** Up to here all positions are decided: their events are visible or will never exist. */
  readonly position: number;
  /** No event with this time or an earlier one is beyond `position`. */
  readonly time: Date;
}

/** A frontier that holds once every transaction with an id up to the fence has ended. */
export interface Mark extends Frontier {
  readonly fence: bigint;
  /** By then, every event with this time or an earlier one has its position. */
  readonly madeAt: Date;
  /** When the mark was requested, by this process's clock in milliseconds. */
  readonly since: number;
}

/** The state of the database's transactions and positions. */
export interface Horizon {
  /** Every transaction with a lower id has ended. */
  readonly oldestRunning: bigint;
  /** The last taken position, read after `oldestRunning`. */
  readonly position: number;
}

/** A reader's state. */
export interface Knowledge {
  readonly frontier: Frontier;
  /** Every event with this time or an earlier one has its position, decided or not. */
  readonly placed: Date;
  /** The marks that wait for transactions, oldest first. */
  readonly marks: readonly Mark[];
}

export const NOTHING_KNOWN: Knowledge = {
  frontier: { position: 0, time: new Date(0) },
  placed: new Date(0),
  marks: [],
};

/** Enough: during a long transaction the oldest marks pass first, the newest reaches farthest. */
const MARKS_MAX = 4;

const later = (a: Date, b: Date): Date => (a < b ? b : a);

/** Both frontiers hold, so the higher position and the later time hold. */
const latest = (a: Frontier, b: Frontier): Frontier => ({
  position: Math.max(a.position, b.position),
  time: later(a.time, b.time),
});

/** Both marks hold once the transactions up to the higher fence have ended. */
const merge = (a: Mark, b: Mark): Mark => ({
  ...latest(a, b),
  fence: a.fence > b.fence ? a.fence : b.fence,
  madeAt: later(a.madeAt, b.madeAt),
  since: Math.min(a.since, b.since),
});

/** Adds a mark, in any order of answers; beyond `MARKS_MAX`, merges the last two. */
export const addMark = (known: Knowledge, mark: Mark): Knowledge => {
  const kept = known.marks.slice(0, MARKS_MAX - 1);
  const [newest] = known.marks.slice(MARKS_MAX - 1);
  return { ...known, marks: [...kept, newest === undefined ? mark : merge(newest, mark)] };
};

/**
 * The state after a horizon was read. It passes only the marks in `asked`, which existed when the
 * horizon was requested: a newer mark's ids may come from after a crash and the horizon from before
 * it. If no position beyond the frontier was taken, every placed event is within the frontier, so
 * no event is missing up to the time of the passed marks.
 */
export const passMarks = (
  { frontier, placed, marks }: Knowledge,
  { oldestRunning, position }: Horizon,
  asked: readonly Mark[],
): Knowledge => {
  const passed = marks.filter((mark) => mark.fence < oldestRunning && asked.includes(mark));
  const reached = passed.reduce<Frontier>(latest, frontier);
  const time = passed.reduce((last, { madeAt }) => later(last, madeAt), reached.time);
  return {
    frontier: position <= reached.position ? { ...reached, time } : reached,
    placed: later(placed, time),
    marks: marks.filter((mark) => !passed.includes(mark)),
  };
};

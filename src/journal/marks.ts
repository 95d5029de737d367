/** How far the journal can be read. */
export interface Frontier {
  /** Up to here all positions are decided: their events can be read or will never be there. */
  readonly position: number;
  /** No event with this time or an earlier one will be found beyond `position`. */
  readonly time: Date;
}

/** What is true once every transaction with an id up to the fence has ended. */
export interface Mark extends Frontier {
  readonly fence: bigint;
  /** Every event with this time or an earlier one has its position by then. */
  readonly madeAt: Date;
  /** When it was asked for, by this process's clock in milliseconds. */
  readonly since: number;
}

/** What a look at the database says. */
export interface Horizon {
  /** Every transaction with a lower id has ended. */
  readonly oldestRunning: bigint;
  /** The last position that was taken, read after it was known who runs. */
  readonly position: number;
}

/** What a reader knows of the journal. */
export interface Knowledge {
  readonly frontier: Frontier;
  /** Every event with this time or an earlier one has its position, decided or not. */
  readonly placed: Date;
  /** They wait for transactions; the first one waits longest. */
  readonly marks: readonly Mark[];
}

export const NOTHING_KNOWN: Knowledge = {
  frontier: { position: 0, time: new Date(0) },
  placed: new Date(0),
  marks: [],
};

/** The oldest marks come true soonest while transactions take long; the newest one says most. */
const MARKS_MAX = 4;

const later = (a: Date, b: Date): Date => (a < b ? b : a);

/** Both are true, so the higher position and the later time are. */
const latest = (a: Frontier, b: Frontier): Frontier => ({
  position: Math.max(a.position, b.position),
  time: later(a.time, b.time),
});

/** Both will be true once the transactions up to the higher fence have ended. */
const merge = (a: Mark, b: Mark): Mark => ({
  ...latest(a, b),
  fence: a.fence > b.fence ? a.fence : b.fence,
  madeAt: later(a.madeAt, b.madeAt),
  since: Math.min(a.since, b.since),
});

/** Adds a mark, in whatever order they are answered; of too many, the last two become one. */
export const addMark = (known: Knowledge, mark: Mark): Knowledge => {
  const kept = known.marks.slice(0, MARKS_MAX - 1);
  const [newest] = known.marks.slice(MARKS_MAX - 1);
  return { ...known, marks: [...kept, newest === undefined ? mark : merge(newest, mark)] };
};

/**
 * What is known after a look. It passes only marks that were there when it was asked: what it says
 * about ids may come from before a crash, and theirs from after it. When nothing was taken beyond
 * the frontier, every event that has its position is within it, so no event is missing up to the
 * time of the marks that came true.
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

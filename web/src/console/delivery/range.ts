/** The part of an event that is counted. */
interface Counted {
  readonly type: string;
  readonly time: string;
  readonly sequence: string;
}

interface EventPage {
  readonly items: readonly Counted[];
  readonly nextCursor: string | null;
  readonly lastSequence: string;
}

/** Reads events after a sequence. */
export type ReadEvents = (after: number, limit: number) => Promise<EventPage>;

export interface Range {
  readonly from: Date;
  readonly to: Date;
  /** The types that a destination receives; null for all. */
  readonly types: readonly string[] | null;
}

/** `isMore`: only a part of the range was counted. */
export interface Count {
  readonly count: number;
  readonly isMore: boolean;
}

const PAGE = 100;
/** At most this many pages of the range are read; more would keep the service busy. */
const PAGES_MAX = 20;
/** A search that ends this near leaves less than one page to skip. */
const NEAR = 50;
/** Events that commit together may have times in another order than their sequences. */
const SLACK_MS = 2_000;

/** The first event after a sequence; undefined at the end of the journal. */
const firstAfter = async (read: ReadEvents, after: number): Promise<Counted | undefined> => {
  const { items, nextCursor, lastSequence } = await read(after, 1);
  if (items[0] !== undefined || nextCursor === null) return items[0];
  return firstAfter(read, Number(lastSequence));
};

/** A sequence shortly before the first event at or after the time, found by halving. */
const findStart = async (read: ReadEvents, time: number): Promise<number> => {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let next = 0;
  while (high - low > NEAR) {
    const event = await firstAfter(read, next);
    if (event === undefined || Date.parse(event.time) >= time) high = next;
    else low = Math.max(next, Number(event.sequence));
    next = high === Number.POSITIVE_INFINITY ? low * 2 : Math.floor((low + high) / 2);
  }
  return low;
};

/**
 * Counts the journal's events of a range of time and of the types of a destination. The journal is
 * read by sequence, so the range is searched first; then at most 2,000 events of it are read.
 */
export const countEvents = async (read: ReadEvents, range: Range): Promise<Count> => {
  const [from, to] = [range.from.getTime(), range.to.getTime()];
  const isCounted = ({ time, type }: Counted): boolean => {
    const at = Date.parse(time);
    return at >= from && at <= to && (range.types === null || range.types.includes(type));
  };
  let after = await findStart(read, from - SLACK_MS);
  let count = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items, nextCursor, lastSequence } = await read(after, PAGE);
    count += items.filter(isCounted).length;
    const last = items.at(-1);
    const isPast = last !== undefined && Date.parse(last.time) > to + SLACK_MS;
    if (nextCursor === null || isPast) return { count, isMore: false };
    after = Number(lastSequence);
  }
  return { count, isMore: true };
};

import {
  NOTHING_KNOWN,
  addMark,
  passMarks,
  type Horizon,
  type Knowledge,
  type Mark,
} from '../../src/journal/marks.ts';

/** A way to create marks. */
export interface Form {
  /** In this order: `read` reads the last position, `fence` takes an id. */
  readonly steps: readonly ('read' | 'fence' | 'commit')[];
  /** Whether the WAL is flushed before the commit is answered. */
  readonly flushes: boolean;
}

/** The limits of histories. */
export interface Bounds {
  /** Concurrent transactions. */
  readonly writers: number;
  readonly positions: number;
  readonly ids: number;
  readonly time: number;
  readonly crashes: number;
  /** Concurrent reads of the horizon. */
  readonly polls: number;
}

/** The last assigned number of a kind. */
interface Logged {
  readonly value: number;
  /** Its value after a crash, once the current WAL is flushed. */
  readonly written: number;
  /** Its value after a crash now. */
  readonly flushed: number;
}

/** A transaction takes its id, reads the clock, takes a position, and ends. */
interface Writer {
  readonly id: number;
  readonly time?: number;
  readonly position?: number;
}

/** An unfinished mark, after `done` steps. */
interface Making extends Mark {
  readonly done: number;
}

/** A horizon whose answer has not arrived, and the marks that existed when it was requested. */
interface Poll extends Horizon {
  readonly asked: readonly Mark[];
}

/** A database and its reader. Times are small numbers. */
export interface State {
  readonly positions: Logged;
  readonly ids: Logged;
  readonly time: number;
  readonly crashes: number;
  readonly writers: readonly Writer[];
  readonly known: Knowledge;
  /** The last position of a horizon, for a mark that does not read the position again. */
  readonly seen: number;
  readonly polls: readonly Poll[];
  readonly making: Making | undefined;
  /** The committed events, in commit order. */
  readonly events: readonly Pick<Required<Writer>, 'position' | 'time'>[];
  /** For each time, the position beyond which no event of that or an earlier time may appear. */
  readonly complete: readonly number[];
}

export type Step = readonly [name: string, after: State];

/** PostgreSQL logs 32 positions ahead; one position has the same effect in shorter histories. */
const AHEAD = 1;

const NONE: Logged = { value: 0, written: 0, flushed: 0 };
const give = (of: Logged): Logged => ({ ...of, value: of.value + 1 });
const write = (of: Logged, upTo: number): Logged => ({
  ...of,
  written: Math.max(of.written, upTo),
});
const recover = ({ flushed }: Logged): Logged => ({ value: flushed, written: flushed, flushed });
const flush = (of: Logged): Logged => ({ ...of, flushed: of.written });

const flushAll = (state: State): State => ({
  ...state,
  positions: flush(state.positions),
  ids: flush(state.ids),
});

/** An empty database, and a reader that knows nothing. */
export const beginHistory = ({ time }: Bounds): State => ({
  positions: NONE,
  ids: NONE,
  time: 1,
  crashes: 0,
  writers: [],
  known: NOTHING_KNOWN,
  seen: 0,
  polls: [],
  making: undefined,
  events: [],
  complete: Array.from({ length: time + 1 }, () => Infinity),
});

const writerSteps = (state: State, bounds: Bounds): Step[] => {
  const { writers, positions, ids, time, events } = state;
  const steps: Step[] = [];
  if (writers.length < bounds.writers && ids.value < bounds.ids) {
    const begun = give(ids);
    const after = { ...state, ids: begun, writers: [...writers, { id: begun.value }] };
    steps.push([`transaction ${begun.value} begins`, after]);
  }
  for (const [index, writer] of writers.entries()) {
    const { id, position } = writer;
    const ended = { ...state, ids: write(ids, id), writers: writers.toSpliced(index, 1) };
    steps.push([`transaction ${id} rolls back`, ended]);
    if (writer.time === undefined) {
      const timed = { ...state, writers: writers.with(index, { id, time }) };
      steps.push([`transaction ${id} reads the clock`, timed]);
    } else if (position !== undefined) {
      const committed = { ...ended, events: [...events, { position, time: writer.time }] };
      steps.push([`transaction ${id} commits position ${position}`, flushAll(committed)]);
    } else if (positions.value < bounds.positions) {
      const taken = give(positions);
      const { value } = taken;
      const isLogged = value <= taken.written;
      const after = {
        ...state,
        positions: isLogged ? taken : write(taken, value + AHEAD),
        ids: isLogged ? ids : write(ids, id),
        writers: writers.with(index, { ...writer, position: value }),
      };
      steps.push([`transaction ${id} takes position ${value}`, after]);
    }
  }
  return steps;
};

const isRunning = ({ done, fence }: Making, { steps }: Form): boolean =>
  fence > 0n && done < steps.length;

const serverSteps = (state: State, bounds: Bounds, form: Form): Step[] => {
  const { positions, ids, time, crashes, making } = state;
  const steps: Step[] = [];
  if (time < bounds.time) steps.push(['time passes', { ...state, time: time + 1 }]);
  if (positions.flushed < positions.written || ids.flushed < ids.written) {
    steps.push(['the WAL is flushed', flushAll(state)]);
  }
  if (crashes < bounds.crashes) {
    const after: State = {
      ...state,
      positions: recover(positions),
      ids: recover(ids),
      crashes: crashes + 1,
      writers: [],
      // Answers that were sent before the crash still arrive.
      making: making?.done === form.steps.length ? making : undefined,
    };
    steps.push(['PostgreSQL crashes', after]);
  }
  return steps;
};

/** Records the reader's claims, which must hold in all later states. */
const learn = (state: State, known: Knowledge): State => {
  const { position, time } = known.frontier;
  const last = Math.min(position, state.complete[time.getTime()] ?? Infinity);
  return { ...state, known, complete: state.complete.with(time.getTime(), last) };
};

const pollSteps = (state: State, bounds: Bounds, form: Form): Step[] => {
  const { polls, writers, making, ids, positions, known } = state;
  const steps: Step[] = [];
  if (polls.length < bounds.polls) {
    const running = writers.map(({ id }) => id);
    if (making !== undefined && isRunning(making, form)) running.push(Number(making.fence));
    const oldestRunning = BigInt(Math.min(ids.value + 1, ...running));
    const poll = { oldestRunning, position: positions.value, asked: known.marks };
    steps.push(['the reader polls', { ...state, polls: [...polls, poll] }]);
  }
  for (const [index, poll] of polls.entries()) {
    const seen = form.steps.includes('read') ? 0 : poll.position;
    const answered = { ...state, polls: polls.toSpliced(index, 1), seen };
    const after = learn(answered, passMarks(known, poll, poll.asked));
    steps.push([`poll ${index} is answered`, after]);
  }
  return steps;
};

const markSteps = (state: State, bounds: Bounds, form: Form): Step[] => {
  const { making, seen, positions, ids } = state;
  if (making === undefined) {
    if (ids.value === bounds.ids) return [];
    const { placed: time } = state.known;
    const madeAt = new Date(state.time - 1);
    const begun = { done: 0, position: seen, time, madeAt, fence: 0n, since: 0 };
    return [['a mark begins', { ...state, making: begun }]];
  }
  const step = form.steps[making.done];
  if (step === undefined) {
    const { done: _, ...mark } = making;
    const known = addMark(state.known, mark);
    return [['the mark is answered', { ...state, making: undefined, known }]];
  }
  const made = { ...making, done: making.done + 1 };
  switch (step) {
    case 'read':
      return [['the mark reads', { ...state, making: { ...made, position: positions.value } }]];
    case 'fence': {
      if (ids.value === bounds.ids) return [];
      const given = give(ids);
      const fence = BigInt(given.value);
      return [[`the mark takes id ${fence}`, { ...state, ids: given, making: { ...made, fence } }]];
    }
    case 'commit': {
      const committed = { ...state, ids: write(ids, Number(made.fence)), making: made };
      return [['the mark commits', form.flushes ? flushAll(committed) : committed]];
    }
  }
};

/** All possible next steps. */
export const nextSteps = (state: State, bounds: Bounds, form: Form): Step[] => [
  ...writerSteps(state, bounds),
  ...serverSteps(state, bounds, form),
  ...pollSteps(state, bounds, form),
  ...markSteps(state, bounds, form),
];

/** The violated rule; undefined when all rules hold. */
export const faultOf = (before: State, { known, positions, events, complete }: State) => {
  const { position: decided } = known.frontier;
  const [committed] = events.slice(before.events.length);
  if (committed !== undefined && committed.position <= decided) return 'an event is skipped';
  const isLate = ({ position, time }: (typeof events)[number]): boolean =>
    complete.slice(time).some((last) => last < position);
  if (events.some(isLate)) return 'an event is found late';
  if (positions.value < decided) return 'a decided position is given again';
  return undefined;
};

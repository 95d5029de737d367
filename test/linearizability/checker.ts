/** When an operation ran, on one clock. */
export interface Interval {
  readonly called: number;
  /** Undefined without an answer: it takes effect at any time after the call, or never. */
  readonly answered: number | undefined;
}

/** The rules of one object, for one operation at a time. */
export interface Model<State, Operation> {
  readonly initial: State;
  /** The state after the operation; undefined if it cannot give its answer in this state. */
  readonly step: (state: State, operation: Operation) => State | undefined;
  /** A text that is the same for equal states only. */
  readonly keyOf: (state: State) => string;
}

export type Verdict<State, Operation> =
  /** `order`: the operations that took effect, in an order that explains every answer. */
  | { readonly kind: 'linearizable'; readonly order: readonly Operation[] }
  | {
      readonly kind: 'not linearizable';
      /** The longest order that was found, and the state after it. */
      readonly order: readonly Operation[];
      readonly state: State;
      /** The operation that was answered next and whose answer no such order explains. */
      readonly stuck: Operation;
    };

/** The call or the answer of an answered operation, in a list that is ordered by time. */
interface Entry<Operation> extends Candidate<Operation> {
  readonly time: number;
  /** The entry of the answer; undefined for an answer itself. */
  readonly answer: Entry<Operation> | undefined;
  previous: Link<Operation>;
  next: Entry<Operation> | undefined;
}

/** What has a next entry: an entry, or the list itself. */
interface Link<Operation> {
  next: Entry<Operation> | undefined;
}

interface Candidate<Operation> {
  readonly operation: Operation;
  /** A bit of its own, by which sets of operations are numbers. */
  readonly bit: bigint;
}

interface Taken<State, Operation> {
  readonly candidate: Candidate<Operation>;
  /** The state before it. */
  readonly state: State;
  /** The entry of its call, if it has an answer. */
  readonly call: Entry<Operation> | undefined;
  /** Where the search goes on without it. */
  readonly resume: Entry<Operation>;
}

/** A history of thousands of operations takes tens of thousands; more is a search without end. */
const STEPS_MAX = 5_000_000;

/**
 * Searches an order of the operations in which each follows all that were answered before its call
 * and each gives its answer (Wing and Gong, "Testing and verifying concurrent objects", 1993). A
 * set of operations with the state after them is tried once (Lowe, "Testing for linearizability",
 * 2017). Throws when the search takes too many steps.
 */
export const checkHistory = <State, Operation extends Interval>(
  history: readonly Operation[],
  { initial, step, keyOf }: Model<State, Operation>,
): Verdict<State, Operation> => {
  const { list, unanswered } = arrange(history);
  const taken: Taken<State, Operation>[] = [];
  const tried = new Set<string>();
  let state = initial;
  let bits = 0n;
  let failure: Extract<Verdict<State, Operation>, { kind: 'not linearizable' }> | undefined;

  const orderNow = (): Operation[] => taken.map(({ candidate }) => candidate.operation);
  /** Takes an operation next; false if it cannot be next or if the same was tried. */
  const take = (
    candidate: Candidate<Operation>,
    resume: Entry<Operation>,
    call?: Entry<Operation>,
  ): boolean => {
    const after = step(state, candidate.operation);
    // Without an answer and without an effect it explains nothing.
    if (after === undefined || (call === undefined && after === state)) return false;
    const key = `${(bits | candidate.bit).toString(32)} ${keyOf(after)}`;
    if (tried.has(key)) return false;
    tried.add(key);
    taken.push({ candidate, state, call, resume });
    state = after;
    bits |= candidate.bit;
    if (call !== undefined) lift(call);
    return true;
  };
  /** Takes an operation without an answer, once the answered ones cannot be next. */
  const takeUnanswered = (stuck: Entry<Operation>): boolean =>
    unanswered.some(
      (candidate) =>
        candidate.operation.called <= stuck.time &&
        (bits & candidate.bit) === 0n &&
        take(candidate, stuck),
    );

  let steps = 0;
  for (let entry = list.next; entry !== undefined; steps++) {
    if (steps === STEPS_MAX) throw new Error(`undecided after ${STEPS_MAX} steps`);
    if (entry.answer !== undefined) {
      // While a call is in the list, its answer follows.
      entry = take(entry, entry.next!, entry) ? list.next : entry.next;
      continue;
    }
    // Every answered operation that may come before this answer was tried.
    if (takeUnanswered(entry)) {
      entry = list.next;
      continue;
    }
    if (failure === undefined || taken.length > failure.order.length) {
      const stuck = entry.operation;
      failure = { kind: 'not linearizable', order: orderNow(), state, stuck };
    }
    const last = taken.pop();
    if (last === undefined) return failure;
    ({ state } = last);
    bits &= ~last.candidate.bit;
    if (last.call !== undefined) unlift(last.call);
    entry = last.resume;
  }
  return { kind: 'linearizable', order: orderNow() };
};

/**
 * The calls and answers by time, and the operations without an answer. Of the same time, calls come
 * first, so that the operations overlap.
 */
const arrange = <Operation extends Interval>(history: readonly Operation[]) => {
  const list: Link<Operation> = { next: undefined };
  const unanswered: Candidate<Operation>[] = [];
  const entries: Entry<Operation>[] = [];
  for (const [position, operation] of history.entries()) {
    const { called, answered } = operation;
    const bit = 1n << BigInt(position);
    if (answered === undefined) {
      unanswered.push({ operation, bit });
      continue;
    }
    const common = { operation, bit, previous: list, next: undefined };
    const answer: Entry<Operation> = { ...common, time: answered, answer: undefined };
    entries.push({ ...common, time: called, answer }, answer);
  }
  const isAnswer = ({ answer }: Entry<Operation>): number => (answer === undefined ? 1 : 0);
  entries.sort((a, b) => a.time - b.time || isAnswer(a) - isAnswer(b));
  let last = list;
  for (const entry of entries) {
    entry.previous = last;
    last.next = entry;
    last = entry;
  }
  return { list, unanswered };
};

/** Removes a call and its answer; they remember their places. */
const lift = <Operation>(call: Entry<Operation>): void => {
  remove(call);
  if (call.answer !== undefined) remove(call.answer);
};

/** Puts the call and the answer that were lifted last in their places again. */
const unlift = <Operation>(call: Entry<Operation>): void => {
  if (call.answer !== undefined) putBack(call.answer);
  putBack(call);
};

const remove = <Operation>({ previous, next }: Entry<Operation>): void => {
  previous.next = next;
  if (next !== undefined) next.previous = previous;
};

const putBack = <Operation>(entry: Entry<Operation>): void => {
  entry.previous.next = entry;
  if (entry.next !== undefined) entry.next.previous = entry;
};

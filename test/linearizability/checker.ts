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

/** The call or the answer of an operation, in a list that is ordered by time. */
interface Entry<Operation> {
  readonly operation: Operation;
  /** The position of the operation in the history. */
  readonly bit: bigint;
  /** The entry of the answer; undefined for an answer, and for an operation without one. */
  readonly answer: Entry<Operation> | undefined;
  readonly isCall: boolean;
  previous: Link<Operation>;
  next: Entry<Operation> | undefined;
}

/** What has a next entry: an entry, or the list itself. */
interface Link<Operation> {
  next: Entry<Operation> | undefined;
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
  const list = listEntries(history);
  let unexplained = history.filter(({ answered }) => answered !== undefined).length;
  const taken: { readonly entry: Entry<Operation>; readonly state: State }[] = [];
  const tried = new Set<string>();
  let state = initial;
  let bits = 0n;
  let failure: Extract<Verdict<State, Operation>, { kind: 'not linearizable' }> | undefined;

  const isExplained = (): boolean => unexplained === 0;
  const orderNow = (): Operation[] => taken.map(({ entry }) => entry.operation);
  /** Takes the operation next, unless it cannot be next or this was tried. */
  const take = (entry: Entry<Operation>): boolean => {
    const after = step(state, entry.operation);
    // Without an answer and without an effect it explains nothing.
    const isIdle = entry.answer === undefined && after === state;
    if (after === undefined || isIdle) return false;
    const key = `${(bits | entry.bit).toString(32)} ${keyOf(after)}`;
    if (tried.has(key)) return false;
    tried.add(key);
    taken.push({ entry, state });
    state = after;
    bits |= entry.bit;
    if (entry.answer !== undefined) unexplained--;
    lift(entry);
    return true;
  };
  /** Takes back the last operation; its entry, or undefined when there is none. */
  const takeBack = (): Entry<Operation> | undefined => {
    const last = taken.pop();
    if (last === undefined) return undefined;
    const { entry } = last;
    ({ state } = last);
    bits &= ~entry.bit;
    if (entry.answer !== undefined) unexplained++;
    unlift(entry);
    return entry;
  };

  let entry = list.next;
  for (let steps = 0; !isExplained(); steps++) {
    if (steps === STEPS_MAX) throw new Error(`undecided after ${STEPS_MAX} steps`);
    // While an answer is unexplained, its entry is in the list.
    const { isCall, operation } = entry!;
    if (isCall) {
      entry = take(entry!) ? list.next : entry!.next;
      continue;
    }
    // Every operation that may come before this answer was tried.
    if (failure === undefined || taken.length > failure.order.length) {
      failure = { kind: 'not linearizable', order: orderNow(), state, stuck: operation };
    }
    const last = takeBack();
    if (last === undefined) return failure;
    entry = last.next;
  }
  return { kind: 'linearizable', order: orderNow() };
};

/** Calls and answers by time; of the same time, calls first, so that the operations overlap. */
const listEntries = <Operation extends Interval>(
  history: readonly Operation[],
): Link<Operation> => {
  const list: Link<Operation> = { next: undefined };
  const timed = history.flatMap((operation, position) => {
    const { called, answered } = operation;
    const bit = 1n << BigInt(position);
    const common = { operation, bit, answer: undefined, previous: list, next: undefined };
    if (answered === undefined) return [{ time: called, entry: { ...common, isCall: true } }];
    const answer: Entry<Operation> = { ...common, isCall: false };
    const call: Entry<Operation> = { ...common, isCall: true, answer };
    return [
      { time: called, entry: call },
      { time: answered, entry: answer },
    ];
  });
  timed.sort((a, b) => a.time - b.time || Number(b.entry.isCall) - Number(a.entry.isCall));
  let last = list;
  for (const { entry } of timed) {
    entry.previous = last;
    last.next = entry;
    last = entry;
  }
  return list;
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

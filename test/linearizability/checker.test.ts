import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHistory, type Interval, type Model } from './checker.ts';

/** An account that must not be overdrawn. */
interface Step extends Interval {
  /** Undefined: a read. */
  readonly change: number | undefined;
  /** The balance after the operation, or `refused`; undefined without an answer. */
  readonly answer: number | 'refused' | undefined;
}

const OPENING = 10;

/** The rules of the account: the balance after an operation, and the answer. */
const apply = (balance: number, { change = 0 }: Pick<Step, 'change'>) => {
  const after = balance + change;
  return after < 0 ? { after: balance, answer: 'refused' as const } : { after, answer: after };
};

const account: Model<number, Step> = {
  initial: OPENING,
  step: (balance, step) => {
    const { after, answer } = apply(balance, step);
    return step.answer === undefined || step.answer === answer ? after : undefined;
  },
  keyOf: String,
};

const at = (
  [called, answered]: readonly [number, number?],
  change: number | undefined,
  answer?: Step['answer'],
): Step => ({ called, answered, change, answer });

const verdictOf = (...history: Step[]) => checkHistory(history, account).kind;

test('overlapping operations take effect in the order that their answers tell', () => {
  expect(
    verdictOf(
      at([0, 9], 5, 13),
      at([1, 8], -2, 8),
      at([2, 7], undefined, 8),
      at([10, 11], undefined, 13),
    ),
  ).toBe('linearizable');
  expect(verdictOf()).toBe('linearizable');
});

test('a stale read is refused: an answered change was not seen', () => {
  expect(verdictOf(at([0, 1], 5, 15), at([2, 3], undefined, 10))).toBe('not linearizable');
  // One reader has seen the change, a later one has not.
  expect(verdictOf(at([0, 9], 5, 15), at([1, 2], undefined, 15), at([3, 4], undefined, 10))).toBe(
    'not linearizable',
  );
  expect(verdictOf(at([0, 9], 5, 15), at([1, 2], undefined, 10), at([3, 4], undefined, 15))).toBe(
    'linearizable',
  );
});

test('a lost update is refused: two changes from the same balance', () => {
  expect(verdictOf(at([0, 5], 3, 13), at([1, 6], 4, 14))).toBe('not linearizable');
  expect(verdictOf(at([0, 5], 3, 13), at([1, 6], 4, 17))).toBe('linearizable');
});

test('a charge that took effect twice is refused', () => {
  expect(verdictOf(at([0, 1], 5, 15), at([2, 3], undefined, 20))).toBe('not linearizable');
});

test('a value out of thin air is refused', () => {
  expect(verdictOf(at([0, 3], 5, 15), at([1, 2], undefined, 12))).toBe('not linearizable');
});

test('an overdraft, and a refusal although there was enough, are refused', () => {
  expect(verdictOf(at([0, 3], -10, 0), at([1, 2], -1, -1))).toBe('not linearizable');
  expect(verdictOf(at([0, 3], -10, 0), at([1, 2], -1, 'refused'))).toBe('linearizable');
  expect(verdictOf(at([0, 1], -1, 'refused'))).toBe('not linearizable');
});

test('without an answer, an operation takes effect at any later time, once, or never', () => {
  const lost = at([1], 5);
  const reads = (...values: number[]) =>
    verdictOf(lost, ...values.map((value, index) => at([10 + index, 10.5 + index], 0, value)));
  expect(reads(10, 10, 10)).toBe('linearizable');
  expect(reads(15, 15, 15)).toBe('linearizable');
  expect(reads(10, 10, 15)).toBe('linearizable');
  expect(reads(10, 15, 10)).toBe('not linearizable');
  expect(reads(10, 15, 20)).toBe('not linearizable');
  // Not before its call.
  expect(verdictOf(at([0, 0.5], undefined, 15), lost)).toBe('not linearizable');
});

test('the same operations in another order are another state', () => {
  const register: Model<string, Interval & { readonly write?: string; readonly read?: string }> = {
    initial: '',
    step: (value, { write = value, read = write }) => (read === write ? write : undefined),
    keyOf: String,
  };
  const writes = [
    { called: 0, answered: 9, write: 'a' },
    { called: 1, answered: 8, write: 'b' },
  ];
  for (const read of ['a', 'b']) {
    const history = [...writes, { called: 10, answered: 11, read }];
    expect(checkHistory(history, register).kind).toBe('linearizable');
  }
  const history = [...writes, { called: 10, answered: 11, read: 'c' }];
  expect(checkHistory(history, register).kind).toBe('not linearizable');
});

test('the failure names the longest order, the state after it and the operation that is stuck', () => {
  const [first, second, stale] = [at([0, 1], 5, 15), at([2, 3], -1, 14), at([4, 5], 0, 15)];
  expect(checkHistory([first, second, stale, at([6, 7], 0, 14)], account)).toEqual({
    kind: 'not linearizable',
    order: [first, second],
    state: 14,
    stuck: stale,
  });
});

/** What one operation does, how far its call and answer are from its effect, and its fate. */
const plan = fc.record({
  change: fc.oneof(fc.constant(undefined), fc.integer({ min: -6, max: 6 })),
  before: fc.double({ min: 0, max: 4, noNaN: true }),
  after: fc.double({ min: 0, max: 4, noNaN: true }),
  fate: fc.constantFrom('answered', 'answered', 'answered', 'lost after', 'lost before'),
});
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

/** The history of operations that take effect one by one, at the times 0, 1, 2 … */
const carryOut = (plans: readonly Plan[]): Step[] => {
  let balance = OPENING;
  return plans.map(({ change, before, after, fate }, time) => {
    const happened = apply(balance, { change });
    if (fate !== 'lost before') balance = happened.after;
    const called = time - before;
    if (fate !== 'answered') return { called, answered: undefined, change, answer: undefined };
    return { called, answered: time + after, change, answer: happened.answer };
  });
};

/** Whether an order that respects the intervals gives these answers. */
const explains = (order: readonly Step[]): boolean => {
  let balance: number | undefined = OPENING;
  for (const [index, step] of order.entries()) {
    const isLate = order
      .slice(index + 1)
      .some(({ answered }) => answered !== undefined && answered < step.called);
    if (isLate) return false;
    balance = account.step(balance, step);
    if (balance === undefined) return false;
  }
  return true;
};

test('operations that take effect one by one are accepted, with an order that explains them', () => {
  fc.assert(
    fc.property(fc.array(plan, { maxLength: 60 }), (plans) => {
      const history = carryOut(plans);
      const verdict = checkHistory(history, account);
      expect(verdict.kind).toBe('linearizable');
      expect(explains(verdict.order)).toBe(true);
      const answered = history.filter((step) => step.answered !== undefined);
      expect(answered.filter((step) => !verdict.order.includes(step))).toEqual([]);
    }),
  );
});

test('a balance that no operations could give is refused, wherever it is', () => {
  const plans = fc.array(plan, { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(plans, fc.nat(), (some, place) => {
      const history = carryOut(some);
      const index = place % history.length;
      const changed = { ...history[index]!, answered: index + 1, answer: 1_000 };
      expect(checkHistory(history.with(index, changed), account).kind).toBe('not linearizable');
    }),
  );
});

/** Every order of every choice that has all answered operations. */
const existsOrder = (rest: readonly Step[], order: readonly Step[] = []): boolean => {
  if (rest.every(({ answered }) => answered === undefined) && explains(order)) return true;
  return rest.some((step, index) => existsOrder(rest.toSpliced(index, 1), [...order, step]));
};

test('the verdict on a changed answer is that of a search through all orders', () => {
  const verdicts = new Map<boolean, number>();
  const plans = fc.array(plan, { minLength: 1, maxLength: 5 });
  const wrong = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant('refused' as const));
  fc.assert(
    fc.property(plans, fc.nat(), wrong, (some, place, answer) => {
      const history = carryOut(some);
      const index = place % history.length;
      const changed = history.with(index, { ...history[index]!, answer });
      const expected = existsOrder(changed);
      verdicts.set(expected, (verdicts.get(expected) ?? 0) + 1);
      expect(checkHistory(changed, account).kind === 'linearizable').toBe(expected);
    }),
    { numRuns: 1_000 },
  );
  expect(verdicts.get(true)).toBeGreaterThan(50);
  expect(verdicts.get(false)).toBeGreaterThan(50);
});

import { expect, test } from 'vitest';
import {
  beginHistory,
  faultOf,
  nextSteps,
  type Bounds,
  type Form,
  type State,
} from '../../test/support/journal-model.ts';
import { shareOf } from '../../test/support/seed.ts';
import { NOTHING_KNOWN, addMark, passMarks, type Mark } from './marks.ts';

const NOW: Form = { steps: ['read', 'fence', 'commit'], flushes: true };

const OTHERS: Readonly<Record<string, Form>> = {
  'uses an earlier position and is not flushed': { steps: ['fence', 'commit'], flushes: false },
  'uses an earlier position': { steps: ['fence', 'commit'], flushes: true },
  'is not flushed': { steps: ['read', 'fence', 'commit'], flushes: false },
  'reads after its fence': { steps: ['fence', 'read', 'commit'], flushes: true },
};

const LEAST: Bounds = { writers: 1, positions: 2, ids: 3, time: 1, crashes: 1, polls: 1 };

const textOf = ({ position, time, fence, madeAt }: Mark): string =>
  `${position} ${time.getTime()} ${fence} ${madeAt.getTime()}`;

/** A key that is equal for states with the same future, whatever the order of polls and events. */
const keyOf = (state: State): string => {
  const { positions, ids, time, crashes, writers, known, seen, polls, making, events } = state;
  const { frontier, placed, marks } = known;
  return [
    `${time} ${crashes} ${seen} ${state.complete.join()}`,
    ...[positions, ids].map(({ value, written, flushed }) => `${value} ${written} ${flushed}`),
    writers.map((writer) => `${writer.id} ${writer.time} ${writer.position}`).join(),
    `${frontier.position} ${frontier.time.getTime()} ${placed.getTime()}`,
    marks.map(textOf).join(),
    polls.map((poll) => [poll.oldestRunning, poll.position, poll.asked.map(textOf)].join()).sort(),
    making === undefined ? '' : `${making.done} ${textOf(making)}`,
    events.map(({ position, time: at }) => `${position} ${at}`).sort(),
  ].join('|');
};

/** A state with the step and the state that led to it. */
interface Reached {
  readonly state: State;
  readonly step: string;
  readonly from?: Reached;
}

const tell = ({ step, from }: Reached): string[] =>
  from === undefined ? [] : [...tell(from), step];

/** Visits every state within the bounds, until the first fault. */
const search = (form: Form, bounds: Bounds, allowed?: string) => {
  const keys = new Set<string>();
  const queue: Reached[] = [{ state: beginHistory(bounds), step: '' }];
  for (const from of queue) {
    for (const [step, state] of nextSteps(from.state, bounds, form)) {
      const reached = { state, step, from };
      // Also of a step to a known state: another step may have led there.
      const fault = faultOf(from.state, state);
      if (fault !== undefined && fault !== allowed) {
        return { fault, history: tell(reached), states: keys.size };
      }
      const key = keyOf(state);
      if (keys.has(key)) continue;
      keys.add(key);
      queue.push(reached);
    }
  }
  return { states: keys.size };
};

const MORE: readonly (readonly [string, Bounds])[] = [
  ['two transactions at once', { ...LEAST, writers: 2 }],
  ['passing time', { ...LEAST, time: 2 }],
  ['two crashes', { ...LEAST, crashes: 2 }],
  ['two polls at once', { ...LEAST, polls: 2 }],
];

// Each visits some hundred thousand states; an ordinary run has one of them.
test.each(shareOf('histories of marks', MORE, MORE.length))(
  'in every history with %s, no event is skipped or found late',
  (name, bounds) => {
    const { states, ...found } = search(NOW, bounds);
    process.stdout.write(`marks: ${states} states of histories with ${name}\n`);
    expect(found).toEqual({});
    expect(states).toBeGreaterThan(100_000);
  },
);

test.each(Object.entries(OTHERS))('a mark that %s skips an event', (name, form) => {
  const { states, ...found } = search(form, LEAST, 'a decided position is given again');
  process.stdout.write(`a mark that ${name}: ${states} states, ${found.history?.join(', ')}\n`);
  expect(found).toMatchObject({ fault: 'an event is skipped' });
});

const markOf = (position: number, fence: number): Mark => ({
  position,
  time: new Date(0),
  fence: BigInt(fence),
  madeAt: new Date(fence),
  since: fence,
});

test('a mark that is answered after a younger one does not pass the younger one sooner', () => {
  const marks = [markOf(1, 10), markOf(2, 20), markOf(3, 30), markOf(9, 90), markOf(8, 80)];
  const known = marks.reduce(addMark, NOTHING_KNOWN);
  const decidedBelow = (oldestRunning: bigint): number =>
    passMarks(known, { oldestRunning, position: 9 }, known.marks).frontier.position;
  expect([10n, 11n, 31n, 90n, 91n].map(decidedBelow)).toEqual([0, 1, 3, 3, 9]);
});

test('when all taken positions are decided, no event is missing up to the time of the mark', () => {
  const known = addMark(NOTHING_KNOWN, markOf(5, 10));
  const timeAt = (position: number): Date =>
    passMarks(known, { oldestRunning: 11n, position }, known.marks).frontier.time;
  expect([timeAt(5), timeAt(6)]).toEqual([new Date(10), new Date(0)]);
});

import { expect, onTestFinished, test } from 'vitest';
import { waitUntil, withinTime } from '../../test/support/wait.ts';
import { superviseProcess } from './supervisor.ts';

/** A process that is gone and starts again after so many tries. */
const superviseDead = (failures: number, restartMinMs: number, restartMaxMs: number) => {
  const logged: string[] = [];
  const tries: number[] = [];
  let isRunning = false;
  const supervisor = superviseProcess({
    isRunning: () => Promise.resolve(isRunning),
    restart: () => {
      tries.push(performance.now());
      if (tries.length <= failures) return Promise.reject(new Error(`no space ${tries.length}`));
      isRunning = true;
      return Promise.resolve();
    },
    log: (message) => logged.push(message),
    pauses: { lookEveryMs: 1, restartMinMs, restartMaxMs },
  });
  onTestFinished(supervisor.stop);
  return { ...supervisor, logged, tries, kill: () => (isRunning = false) };
};

test('a restart is tried until it succeeds, and each failure is logged', async () => {
  const { logged, tries, kill } = superviseDead(25, 1, 4);
  await waitUntil(() => logged.at(-1) === 'PostgreSQL runs again', 'a restart');
  expect(logged).toEqual([
    'PostgreSQL is gone; starting it again',
    ...Array.from(
      { length: 25 },
      (_, index) => `PostgreSQL cannot be started again: Error: no space ${index + 1}`,
    ),
    'PostgreSQL runs again',
  ]);
  kill();
  await waitUntil(() => tries.length === 27, 'another restart');
});

test('the pause between tries doubles up to its limit', async () => {
  const { tries } = superviseDead(8, 1, 32);
  await waitUntil(() => tries.length === 9, 'a restart');
  const pauses = tries.slice(1).map((time, index) => time - (tries[index] ?? 0));
  for (const [index, least] of [1, 2, 4, 8, 16, 32, 32, 32].entries()) {
    // A timer may be a millisecond early.
    expect(pauses[index]).toBeGreaterThan(least - 1.5);
  }
});

test('a pause ends when it is told to stop', async () => {
  const { stop, tries, logged } = superviseDead(Infinity, 3_600_000, 3_600_000);
  await waitUntil(() => logged.length === 2, 'a try that fails');
  await withinTime(stop(), 'the end of a pause of an hour');
  expect(tries).toHaveLength(1);
});

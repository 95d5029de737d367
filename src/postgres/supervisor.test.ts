import { expect, onTestFinished, test } from 'vitest';
import { waitUntil, withinTime } from '../../test/support/wait.ts';
import { superviseProcess } from './supervisor.ts';

/** A stopped process whose restart fails a number of times. */
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
    pauses: { checkEveryMs: 1, restartMinMs, restartMaxMs },
  });
  onTestFinished(supervisor.stop);
  return { ...supervisor, logged, tries, kill: () => (isRunning = false) };
};

test('a restart is retried until it succeeds, and each failure is logged', async () => {
  const { logged, tries, kill } = superviseDead(25, 1, 4);
  await waitUntil(() => logged.at(-1) === 'PostgreSQL is running again', 'a restart');
  expect(logged).toEqual([
    'PostgreSQL has stopped; restarting it',
    ...Array.from(
      { length: 25 },
      (_, index) => `PostgreSQL cannot be restarted: Error: no space ${index + 1}`,
    ),
    'PostgreSQL is running again',
  ]);
  kill();
  await waitUntil(() => tries.length === 27, 'another restart');
});

test('the pause between restarts doubles up to its maximum', async () => {
  const { tries } = superviseDead(8, 1, 32);
  await waitUntil(() => tries.length === 9, 'a restart');
  const pauses = tries.slice(1).map((time, index) => time - (tries[index] ?? 0));
  for (const [index, least] of [1, 2, 4, 8, 16, 32, 32, 32].entries()) {
    // A timer may fire a millisecond early.
    expect(pauses[index]).toBeGreaterThan(least - 1.5);
  }
});

test('stop ends a pause at once', async () => {
  const { stop, tries, logged } = superviseDead(Infinity, 3_600_000, 3_600_000);
  await waitUntil(() => logged.length === 2, 'a failed restart');
  await withinTime(stop(), 'the end of a pause of an hour');
  expect(tries).toHaveLength(1);
});

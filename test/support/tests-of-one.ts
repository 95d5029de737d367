import { test as base } from 'vitest';
import type { OnEnd } from './service.ts';

/**
 * A `test` whose tests share one thing, opened by the first and ended after the last of the file:
 * a start of a service or a server costs as much as a whole test. For tests that leave each other
 * alone.
 */
export const testsOfOne = <Thing>(open: (onEnd: OnEnd) => Promise<Thing>) =>
  base
    .extend('ends', { scope: 'file' }, (): (() => Promise<void>)[] => [])
    .extend('shared', { scope: 'file' }, ({ ends }, { onCleanup }) => {
      onCleanup(async () => {
        for (const end of ends.toReversed()) await end();
      });
      return open((end) => {
        ends.push(end);
      });
    });

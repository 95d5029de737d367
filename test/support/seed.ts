import * as fc from 'fast-check';

/**
 * Random values from a seed, which is printed. `MOA_TEST_SEED` sets the seed to reproduce a run.
 */
export const sampleSeeded = <Value>(
  name: string,
  arbitrary: fc.Arbitrary<Value>,
  count: number,
): Value[] => {
  const seed = Number(process.env['MOA_TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`${name}: MOA_TEST_SEED=${seed}\n`);
  return fc.sample(arbitrary, { seed, numRuns: count });
};

import * as fc from 'fast-check';

/** Whether a run tries everything, however long it takes. */
export const isThorough = process.env['MOA_TEST_THOROUGH'] === 'on';

/**
 * The number of random cases of a test: a third of `all`, so that a run takes minutes. With
 * `MOA_TEST_THOROUGH=on` all of them.
 */
export const casesOf = (all: number): number => (isThorough ? all : Math.ceil(all / 3));

/** An ordinary run tries one of so many shares of a table of cases; the seed chooses the share. */
const SHARES = 6;

/** A seeded share of a table of cases; all cases with `MOA_TEST_THOROUGH=on`. */
export const shareOf = <Case>(
  name: string,
  cases: readonly Case[],
  shares: number = SHARES,
): readonly Case[] => {
  if (isThorough) return cases;
  const [chosen] = sampleSeeded(name, fc.nat({ max: shares - 1 }), 1);
  return cases.filter((_, index) => index % shares === chosen);
};

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

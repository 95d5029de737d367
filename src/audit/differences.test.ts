import { expect, test } from 'vitest';
import { createDifferences } from './differences.ts';

test('many differences of one invariant hide none of another', () => {
  const differences = createDifferences(2);
  for (const violation of ['a', 'b', 'c']) differences.add({ violation, invariants: ['O2', 'J1'] });
  differences.add({ violation: 'd', invariants: ['O1', 'J1'] });
  expect(differences.all.map(({ violation }) => violation)).toEqual(['a', 'b', 'd']);
});

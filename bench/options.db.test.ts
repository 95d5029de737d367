import { expect, test } from 'vitest';
import { readOptions } from './options.ts';
import { SCENARIOS } from './scenarios/index.ts';

test('without arguments every scenario is measured and the results are kept', () => {
  const options = readOptions([]);
  expect(options?.scenarios).toEqual(Object.keys(SCENARIOS));
  expect(options?.results).toMatch(/bench\/results$/);
});

test('some scenarios, or a comparison, leave the kept results alone', () => {
  expect(readOptions(['hot-product'])).toMatchObject({ results: undefined });
  expect(readOptions(['--compare', 'HEAD'])).toMatchObject({ results: undefined });
});

test('the numbers of connections are separated by commas', () => {
  expect(readOptions(['--connections', '1,32'])?.pace.connections).toEqual([1, 32]);
});

test.each([
  [['no-such-scenario'], 'there is no scenario no-such-scenario'],
  [['--seconds', '0'], '--seconds must be a number above 0'],
  [['--rounds', '1.5'], '--rounds takes whole numbers from 1'],
  [['--connections', '8,'], '--connections takes whole numbers'],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

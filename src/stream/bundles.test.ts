import { expect, test } from 'vitest';
import { createBundles } from './bundles.ts';

test('a stream gets what was put for it at once and in order, once', () => {
  const bundles = createBundles();
  const sent: [string, string[]][] = [];
  const sinkOf = (name: string) => ({
    send: (parts: readonly Buffer[]) => void sent.push([name, parts.map(String)]),
    end: () => undefined,
  });
  const [first, second] = [sinkOf('first'), sinkOf('second')];
  bundles.put(first, Buffer.from('a'));
  bundles.put(second, Buffer.from('b'));
  bundles.put(first, Buffer.from('c'));
  expect(sent).toEqual([]);
  bundles.flush();
  expect(sent).toEqual([
    ['first', ['a', 'c']],
    ['second', ['b']],
  ]);
  bundles.flush();
  expect(sent.length).toBe(2);
});

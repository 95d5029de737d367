import { expect, test } from 'vitest';
import { createOutbox } from './outbox.ts';

test('a stream gets what was put for it in one piece and in order, once', () => {
  const outbox = createOutbox();
  const sent: [string, string][] = [];
  const sinkOf = (name: string) => ({
    send: (bytes: Buffer) => void sent.push([name, bytes.toString()]),
    end: () => undefined,
  });
  const [first, second] = [sinkOf('first'), sinkOf('second')];
  outbox.put(first, Buffer.from('a'));
  outbox.put(second, Buffer.from('b'));
  outbox.put(first, Buffer.from('c'));
  expect(sent).toEqual([]);
  outbox.flush();
  expect(sent).toEqual([
    ['first', 'ac'],
    ['second', 'b'],
  ]);
  outbox.flush();
  expect(sent.length).toBe(2);
});

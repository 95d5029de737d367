import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';

test('works run one at a time in order, a failed one does not stop the others', async () => {
  const enqueue = createQueue();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    if (name === 'b') throw new Error('b fails');
  };
  const [a, b, c] = ['a', 'b', 'c'].map((name) => enqueue(work(name)));
  await a;
  await expect(b).rejects.toThrow('b fails');
  await c;
  expect(seen).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('a full queue takes no work until one is done', async () => {
  const enqueue = createQueue();
  const first = Promise.withResolvers<number>();
  const taken = Array.from({ length: 8 }, () => enqueue(() => first.promise));
  expect(taken.every((each) => each !== undefined)).toBe(true);
  expect(enqueue(() => first.promise)).toBeUndefined();
  first.resolve(1);
  await Promise.all(taken.map((each) => Promise.resolve(each)));
  expect(await enqueue(() => Promise.resolve(2))).toBe(2);
});

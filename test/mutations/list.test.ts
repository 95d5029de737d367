import { expect, test } from 'vitest';
import { readText } from '../support/repository.ts';
import { MUTATIONS } from './list.ts';

test('each mutation can be put in: its text is in the code, once', async () => {
  const changes = MUTATIONS.flatMap((mutation) => mutation.changes);
  const counts = changes.map(async ({ file, search, replacement }) => {
    expect(replacement).not.toBe(search);
    return [search, (await readText(file)).split(search).length - 1];
  });
  expect(await Promise.all(counts)).toEqual(changes.map(({ search }) => [search, 1]));
});

test('each test that notices a mutation exists, once', async () => {
  for (const { test: noticing } of MUTATIONS) {
    const source = await readText(noticing.file);
    expect([noticing.name, source.split(`'${noticing.name}'`).length]).toEqual([noticing.name, 2]);
  }
});

test('the documented mutations are those of the list', async () => {
  const text = await readText('docs/invariants.md');
  const [, section = ''] = text.split('\n## How we know that the tests would notice\n');
  const rows = [...section.matchAll(/^\| (?!fault|-)(.*?) +\| (.*?) +\| (.*?) +\|$/gm)];
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    MUTATIONS.map(({ fault, changes, test: noticing }) => [
      fault,
      [...new Set(changes.map(({ file }) => `\`${file}\``))].join(', '),
      `${noticing.name}: \`${noticing.file}\``,
    ]),
  );
});

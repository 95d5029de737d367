import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../../test/support/service.ts';
import { readLines, type Line } from './lines.ts';

const linesOf = async (content: string | Buffer, encoding = 'utf-8'): Promise<Line[]> => {
  const path = join(await temporaryDirectory(), 'products.csv');
  await writeFile(path, content);
  const lines: Line[] = [];
  for await (const line of readLines(path, encoding, () => undefined)) lines.push(line);
  return lines;
};

test.for([
  ['a missing column', 'name,price\n', 'the column stock is missing'],
  ['an unknown column', 'name,price,stock,color\n', 'unknown column "color"'],
  ['a doubled column', 'name,price,stock,name\n', 'a column appears twice'],
  ['an empty file', '', 'the file is empty'],
  ['an open quote', 'name,price,stock\n"open,1,1\n', 'Quote Not Closed'],
  ['a huge line', `name,price,stock\n${'x'.repeat(200_000)},1,1\n`, 'maximum'],
] as const)('%s is an error', async ([, content, message]) => {
  await expect(linesOf(content)).rejects.toThrow(message);
});

test('an empty image or SKU is none, and spaces around names and numbers do not matter', async () => {
  expect(await linesOf(' sku,name,price,stock ,imageUrl\n,Tea, 5 ,007,\n')).toEqual([
    { line: 2, fields: { sku: null, name: 'Tea', price: 5, stock: 7, imageUrl: null } },
  ]);
});

test('a file in another encoding is read when the encoding is named', async () => {
  // 유자차 in EUC-KR.
  const name = Buffer.from([0xc0, 0xaf, 0xc0, 0xda, 0xc2, 0xf7]);
  const file = Buffer.concat([Buffer.from('name,price,stock\n'), name, Buffer.from(',1,1\n')]);
  await expect(linesOf(file)).rejects.toThrow('--encoding euc-kr');
  expect(await linesOf(file, 'euc-kr')).toEqual([
    { line: 2, fields: { name: '유자차', price: 1, stock: 1 } },
  ]);
});

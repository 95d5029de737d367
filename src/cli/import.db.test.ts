import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';
import { createClient } from '../../test/support/client.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { temporaryDirectory } from '../../test/support/service.ts';

const run = (options: readonly string[], environment?: Readonly<Record<string, string>>) =>
  runCommand('import', options, environment);

/** A shop, a client of its staff, and the program that imports a file's content. */
const openShop = async () => {
  const { url, bearer } = await startRealServer();
  const directory = await temporaryDirectory();
  const tokenFile = join(directory, 'token');
  const token = (await bearer('staff', 'staff')).slice('Bearer '.length);
  await writeFile(tokenFile, `${token}\n`);
  const staff = createClient(url, token);
  const importing = async (content: string | Buffer, ...options: readonly string[]) => {
    const path = join(directory, 'products.csv');
    await writeFile(path, content);
    return run(['products', path, '--url', url, '--token-file', tokenFile, ...options]);
  };
  const find = async (sku: string) => {
    const { body } = await staff.get(`/v1/products?sku=${encodeURIComponent(sku)}`);
    return (body['items'] as unknown as object[])[0];
  };
  return { url, staff, importing, find };
};

const MIXED = `\ufeffsku,name, price ,stock,description,imageUrl
T-1,유자차,5200,10,"고흥 유자,
꿀에 재움",/tea.png

T-2,말차,free,1,,
T-3,too few,1
T-1,또 유자차,1,1,,
T-4,,1,1,,javascript:x
T-5,약과,2500,0,,
`;

test('it creates a product for each valid line and names each refused line', async () => {
  const { importing, find } = await openShop();
  const { exitCode, stdout, stderr } = await importing(MIXED);
  expect(stdout.split('\n')).toEqual([
    'line 5: price must be a whole number',
    'line 6: has 3 cells instead of 6',
    'line 7: sku_taken: Another product has this SKU',
    expect.stringMatching(/^line 8: name must .*; imageUrl must /),
    '2 created, 0 changed, 4 refused',
    '',
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('100 %');
  expect(await find('T-1')).toMatchObject({
    name: '유자차',
    price: 5_200,
    stock: 10,
    description: '고흥 유자,\n꿀에 재움',
    imageUrl: '/tea.png',
  });
  expect(await find('T-5')).toMatchObject({ description: '', imageUrl: null, stock: 0 });
});

test('a file that is imported again creates nothing, and with --update changes products', async () => {
  const { staff, importing, find } = await openShop();
  const lines = Array.from({ length: 250 }, (_, index) => `Cup ${index},${index + 1},5,C-${index}`);
  const file = (extra = '') => ['name,price,stock,sku', ...lines, extra].join('\n');
  expect(await importing(file())).toMatchObject({
    exitCode: 0,
    stdout: '250 created, 0 changed, 0 refused\n',
  });
  const again = await importing(file('Cup 250,1,5,C-250'));
  expect(again.exitCode).toBe(1);
  expect(again.stdout).toContain('1 created, 0 changed, 250 refused\n');
  expect(again.stdout).toContain('line 251: sku_taken');

  const { productId } = (await find('C-7')) as { productId: string };
  await staff.patch(`/v1/products/${productId}`, { description: 'kept' });
  const update = 'name,price,stock,sku\nMug,70,99,C-7\n,1,1,C-8\n';
  expect(await importing(update, '--update')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/^line 3: name must .*\n0 created, 1 changed, 1 refused\n$/),
  });
  expect(await find('C-7')).toMatchObject({
    productId,
    name: 'Mug',
    price: 70,
    stock: 5,
    description: 'kept',
  });
});

test('without a key of a service it makes none', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'products.csv');
  await writeFile(path, 'name,price,stock\n차,1,1\n');
  const { exitCode, stderr } = await run(['products', path], { MOA_DATA_DIR: directory });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^There is no key in /);
  expect(await readdir(directory)).toEqual(['products.csv']);
});

test('a cell keeps its line breaks', async () => {
  const { importing, find } = await openShop();
  const file = 'name,price,stock,sku,description\r\nTea,1,1,T-1,"one\r\ntwo\rthree\nfour"\r\n';
  expect(await importing(file)).toMatchObject({ exitCode: 0 });
  expect(await find('T-1')).toMatchObject({ description: 'one\r\ntwo\rthree\nfour' });
});

test('invalid options and a missing service are errors', async () => {
  const directory = await temporaryDirectory();
  const environment = { MOA_DATA_DIR: directory, PORT: '9' };
  const file = join(directory, 'tea.csv');
  await writeFile(file, 'name,price,stock\nTea,1,1\n');
  const tokenFile = join(directory, 'token');
  await writeFile(tokenFile, 'a.b.c');
  const cases = [
    [['users', file], 'one file of products is needed'],
    [['products', file, '--encoding', 'klingon'], '--encoding klingon'],
    [['products', file, '--token-file', tokenFile], 'no service answers at http://127.0.0.1:9'],
  ] as const;
  const runs = await Promise.all(cases.map(([options]) => run(options, environment)));
  for (const [index, [, message]] of cases.entries()) {
    const { exitCode, stderr } = runs[index]!;
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)]);
  }
});

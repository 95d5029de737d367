import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/support/service.ts';
import { deriveSecret, findSigningKey, loadSigningKey } from './signing-key.ts';

const permissionsOf = async (path: string) => (await stat(path)).mode & 0o777;

test('the key is made once, and only its owner can read it', async () => {
  const directory = await temporaryDirectory();
  const first = await loadSigningKey(directory);
  const again = await loadSigningKey(directory);
  expect(again.id).toBe(first.id);
  expect(await readdir(join(directory, 'keys'))).toEqual(['signing-key.json']);
  expect(await permissionsOf(join(directory, 'keys', 'signing-key.json'))).toBe(0o600);
  expect(await permissionsOf(join(directory, 'keys'))).toBe(0o700);
});

test('two data directories have two keys', async () => {
  const keys = await Promise.all([temporaryDirectory(), temporaryDirectory()]);
  const [first, second] = await Promise.all(keys.map(loadSigningKey));
  expect(first?.id).not.toBe(second?.id);
});

test('concurrent first loads return the same key', async () => {
  const directory = await temporaryDirectory();
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadSigningKey(directory)));
  expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
  expect(await readdir(join(directory, 'keys'))).toEqual(['signing-key.json']);
});

test('processes that start together agree on one key', async () => {
  const directory = await temporaryDirectory();
  const module = new URL('signing-key.ts', import.meta.url).href;
  const program = `
    const { loadSigningKey } = await import(${JSON.stringify(module)});
    console.log((await loadSigningKey(${JSON.stringify(directory)})).id);`;
  const run = () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const outputs = await Promise.all([run(), run(), run()]);
  const { id } = await loadSigningKey(directory);
  expect(outputs.map(({ stdout }) => stdout.trim())).toEqual([id, id, id]);
  expect(await readdir(join(directory, 'keys'))).toEqual(['signing-key.json']);
});

test('an unreadable key is an error that names the file, and the file is kept', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'keys', 'signing-key.json');
  await mkdir(join(directory, 'keys'));
  await writeFile(path, 'no key');
  await expect(loadSigningKey(directory)).rejects.toThrow(path);
  expect(await readFile(path, 'utf8')).toBe('no key');
});

const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();

test('processes on several machines share a key from a file, in PEM or as a JWK', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const texts = [pemOf(privateKey), JSON.stringify(privateKey.export({ format: 'jwk' }))];
  const keys = texts.map(async (text) => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'key');
    await writeFile(file, text);
    const place = { directory, file };
    const key = await loadSigningKey(place);
    expect((await findSigningKey(place))?.id).toBe(key.id);
    expect(await readdir(directory)).toEqual(['key']);
    return [key.id, await deriveSecret(place, 'sign-in')];
  });
  const [first, second] = await Promise.all(keys);
  expect(first).toEqual(second);
});

test('the key file of a data directory can be given to other machines', async () => {
  const [directory, elsewhere] = await Promise.all([temporaryDirectory(), temporaryDirectory()]);
  const { id } = await loadSigningKey(directory);
  const file = join(directory, 'keys', 'signing-key.json');
  expect((await loadSigningKey({ directory: elsewhere, file })).id).toBe(id);
});

test('a named file without an Ed25519 key is an error that names it, and is not made', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'key.pem');
  await expect(loadSigningKey({ directory, file })).rejects.toThrow(file);
  expect(await findSigningKey({ directory, file })).toBeUndefined();
  expect(await readdir(directory)).toEqual([]);

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { publicKey } = generateKeyPairSync('ed25519');
  const publicPem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  for (const text of ['', 'no key', '{}', pemOf(privateKey), publicPem]) {
    await writeFile(file, text);
    await expect(loadSigningKey({ directory, file })).rejects.toThrow(file);
  }
});

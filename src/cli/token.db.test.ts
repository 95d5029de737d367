import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { runCommand } from '../../test/support/run-command.ts';
import { temporaryDirectory } from '../../test/support/service.ts';
import { createTokens, loadSigningKey } from '../identity/index.ts';

const DAY_SECONDS = 86_400;

const run = (options: readonly string[], environment?: Readonly<Record<string, string>>) =>
  runCommand('token', options, environment);

test('it prints a token that the service on this data directory accepts', async () => {
  const directory = await temporaryDirectory();
  const environment = { MOA_DATA_DIR: directory };
  await loadSigningKey(directory);
  const runs = await Promise.all([
    run(['--role', 'staff'], environment),
    run(['--role', 'service', '--user', 'shop'], environment),
    run(['--role', 'customer', '--user', 'alice', '--days', '365'], environment),
  ]);
  const tokens = await createTokens({ kind: 'own', directory });
  const callers = await Promise.all(
    runs.map(({ stdout }) => tokens.verify(`Bearer ${stdout.trim()}`)),
  );
  expect(callers).toEqual([
    { role: 'staff', userId: 'staff' },
    { role: 'service', userId: 'shop' },
    { role: 'customer', userId: 'alice' },
  ]);
  expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(runs.map(() => [0, '']));
  const lives = runs.map(({ stdout }) => {
    const { exp = 0, iat = 0 } = decodeJwt(stdout.trim());
    return Math.round((exp - iat) / DAY_SECONDS);
  });
  expect(lives).toEqual([30, 30, 365]);
});

test('it prints a token that services with the key of this file accept', async () => {
  const directory = await temporaryDirectory();
  await loadSigningKey(directory);
  const file = join(directory, 'keys', 'signing-key.json');
  const environment = { MOA_DATA_DIR: await temporaryDirectory(), MOA_SIGNING_KEY_FILE: file };
  const { stdout } = await run(['--role', 'staff'], environment);
  const tokens = await createTokens({ kind: 'own', directory });
  const caller = await tokens.verify(`Bearer ${stdout.trim()}`);
  expect(caller).toEqual({ role: 'staff', userId: 'staff' });
});

test('without a key of a service it makes a token only with --new-key', async () => {
  const directory = await temporaryDirectory();
  const environment = { MOA_DATA_DIR: directory };
  const refused = await run(['--role', 'staff'], environment);
  expect(refused.stderr).toMatch(/^There is no key in .*--new-key`\.\n$/);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(await readdir(directory)).toEqual([]);

  const made = await run(['--role', 'staff', '--new-key'], environment);
  const later = await run(['--role', 'staff'], environment);
  const tokens = await createTokens({ kind: 'own', directory });
  for (const { exitCode, stdout } of [made, later]) {
    expect(exitCode).toBe(0);
    const caller = await tokens.verify(`Bearer ${stdout.trim()}`);
    expect(caller).toEqual({ role: 'staff', userId: 'staff' });
  }
});

test('invalid options are errors, printed with the usage', async () => {
  const environment = { MOA_DATA_DIR: await temporaryDirectory() };
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], '--role must be one of'],
    [['--role', 'customer'], '--user is needed'],
    [['--role', 'customer', '--user', 'me'], 'not "me"'],
    [['--role', 'staff', '--days', '0'], '--days must be'],
    [['--role', 'staff', '--for', 'ever'], '--for'],
  ];
  const runs = await Promise.all(cases.map(([options]) => run(options, environment)));
  for (const [index, [, message]] of cases.entries()) {
    expect(runs[index]?.stderr).toContain(message);
    expect(runs[index]?.stderr).toContain('npm run token -- --role staff');
    expect(runs[index]).toMatchObject({ exitCode: 1, stdout: '' });
  }
});

test('with an identity provider it makes no tokens', async () => {
  const { exitCode, stdout, stderr } = await run(['--role', 'staff'], {
    MOA_JWKS_URL: 'https://login.example/keys',
    MOA_JWT_ISSUER: 'https://login.example',
    MOA_JWT_AUDIENCE: 'shop',
  });
  expect(stderr).toContain('MOA_JWKS_URL is set');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
});

test('with --help it prints its usage', async () => {
  const { exitCode, stdout, stderr } = await run(['--help']);
  expect(stdout).toContain('npm run token -- --role customer --user alice');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

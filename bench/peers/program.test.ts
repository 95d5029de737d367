import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findFreePort, runProgram, startServer, type Program } from './program.ts';

const LONG_MS = 60_000;

/** A program of Node.js, with a folder for its log. */
const programOf = async (source: string, signal: AbortSignal): Promise<Program> => {
  const folder = await mkdtemp(join(tmpdir(), 'moa-program-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const args = ['--eval', source];
  const log = join(folder, 'log');
  return { command: process.execPath, args, folder, env: process.env, log, signal };
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const never = new AbortController().signal;

/** A server that answers with the id of a process that it started. */
const serverOf = (port: number): string => `
  const child = require('node:child_process').spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
  require('node:http').createServer((_, response) => response.end(String(child.pid))).listen(${port}, '127.0.0.1');
`;

test('a program that fails is shown with the end of its log', async () => {
  const program = await programOf('console.log("no disk"); process.exit(3)', never);
  await expect(runProgram(program, LONG_MS)).rejects.toThrow(/ended with 3\nno disk/);
});

test('a program that is not done in time is ended', async () => {
  const program = await programOf('setInterval(() => {}, 1000)', never);
  await expect(runProgram(program, 100)).rejects.toThrow('not done after 0.1 s');
});

test('a command that does not exist is an error', async () => {
  const program = { ...(await programOf('', never)), command: '/does/not/exist' };
  await expect(runProgram(program, LONG_MS)).rejects.toThrow('ENOENT');
});

test('a server that ends is an error at once', async () => {
  const url = `http://127.0.0.1:${await findFreePort()}`;
  const program = await programOf('console.log("no database")', never);
  await expect(startServer(program, url, LONG_MS)).rejects.toThrow('no database');
});

test.each(['stop', 'abort'])('%s ends a server with the processes that it started', async (how) => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const stopping = new AbortController();
  const server = await startServer(await programOf(serverOf(port), stopping.signal), url, LONG_MS);
  const child = Number(await (await fetch(url)).text());
  expect([isAlive(server.pid), isAlive(child)]).toEqual([true, true]);
  if (how === 'abort') stopping.abort();
  await server.stop();
  await vi.waitFor(() => expect([isAlive(server.pid), isAlive(child)]).toEqual([false, false]), {
    timeout: 20_000,
  });
});

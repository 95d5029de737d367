import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeEach, expect, test, type TestContext } from 'vitest';
import { RULES } from '../support/alert-rules.ts';
import { findProgram } from '../support/find-program.ts';

const RULE_TESTS = 'ops/prometheus/moa.rules.test.yaml';
const ROOT = new URL('../../', import.meta.url).pathname;

const program = await findProgram(['promtool']);

/** Skips a test without promtool, which comes with Prometheus; fails in CI. */
const needsPromtool = ({ task, skip }: TestContext): void => {
  if (program !== undefined) return;
  const reason = 'no promtool in the PATH';
  if (process.env['CI']) throw new Error(reason);
  process.stdout.write(`not run: "${task.name}": ${reason}\n`);
  skip(reason);
};

beforeEach(needsPromtool);

/** What promtool says; an exit code other than 0 rejects with it. */
const promtool = async (...options: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(program ?? '', options, { cwd: ROOT });
  return stdout;
};

test('Prometheus accepts the rules', async () => {
  expect(await promtool('check', 'rules', RULES)).toContain('SUCCESS');
});

test('each alert fires when it should, and only then', async () => {
  expect(await promtool('test', 'rules', RULE_TESTS)).toContain('SUCCESS');
});

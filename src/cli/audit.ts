import { parseArgs } from 'node:util';
import { checkInvariants, type Finding } from '../audit/audit.ts';
import { lookSinceProven } from '../audit/rounds/since-proven.ts';
import { withSharedSnapshot, withSnapshot } from '../audit/snapshot.ts';
import { readConfig } from '../config.ts';
import { withSharedDatabase } from './command-database.ts';
import { runCommand } from './command.ts';
import { peakMemory, seconds } from './figures.ts';
import { createProgress } from './progress.ts';

const USAGE = `Checks every invariant of docs/invariants.md on the whole database.

  npm run audit
  npm run audit -- --since-proven

  --since-proven  checks only what events have changed since the last round of a service
  --json          prints the findings as JSON

Reads one snapshot of the database of DATABASE_URL, or else of the embedded database in
MOA_DATA_DIR. A service may run meanwhile. Exits with code 1 if an invariant is violated.
`;

const print = ({ invariant, rule, violations, tookMs }: Finding): void => {
  const verdict = violations.length === 0 ? 'ok' : 'BROKEN';
  console.log(`${invariant}  ${verdict.padEnd(6)}  ${seconds(tookMs).padStart(7)}  ${rule}`);
  for (const violation of violations) console.log(`    ${violation}`);
};

/** A bar on a terminal; elsewhere a line for each check is enough. */
const bar = (): ((done: number) => void) =>
  process.stderr.isTTY ? createProgress(1) : () => undefined;

const auditAll = async (url: string, json: boolean): Promise<void> => {
  const started = performance.now();
  let findings: readonly Finding[] = [];
  await withSharedSnapshot(url, async (first, second) => {
    const report = json ? () => undefined : print;
    findings = await checkInvariants(first, report, { second, onProgress: bar() });
  });
  const broken = findings.filter(({ violations }) => violations.length > 0);
  const tookMs = performance.now() - started;
  if (json) console.log(JSON.stringify({ holds: broken.length === 0, tookMs, findings }));
  else {
    console.log(
      `${broken.length === 0 ? 'All hold' : `${broken.length} of ${findings.length} are broken`}, ` +
        `checked in ${seconds(tookMs)}; peak memory ${peakMemory()}`,
    );
  }
  if (broken.length > 0) process.exitCode = 1;
};

const auditNew = async (url: string, json: boolean): Promise<void> => {
  const { position, events, violations } = await withSnapshot(url, lookSinceProven);
  if (json)
    console.log(JSON.stringify({ holds: violations.length === 0, position, events, violations }));
  else {
    for (const { part, subject, invariants, expected, found } of violations) {
      console.log(`${invariants.join(' ')}  BROKEN  ${part} ${subject}`);
      console.log(`    expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
    }
    console.log(
      `${violations.length === 0 ? 'All hold' : `${violations.length} violations`} in what ` +
        `${events} events after position ${position} have changed`,
    );
  }
  if (violations.length > 0) process.exitCode = 1;
};

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'since-proven': { type: 'boolean', default: false },
    },
  });
  const { help, json, 'since-proven': isNew } = values;
  if (help) console.log(USAGE);
  else {
    const run = isNew ? auditNew : auditAll;
    await withSharedDatabase(readConfig(process.env), (url) => run(url, json));
  }
});

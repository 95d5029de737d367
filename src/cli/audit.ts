import { parseArgs } from 'node:util';
import { checkInvariants, type Finding } from '../audit/audit.ts';
import { withSnapshot } from '../audit/snapshot.ts';
import { readConfig } from '../config.ts';
import { withSharedDatabase } from './command-database.ts';
import { runCommand } from './command.ts';
import { peakMemory, seconds } from './figures.ts';

const USAGE = `Checks every invariant of docs/invariants.md on the whole database.

  npm run audit

Reads one snapshot of the database of DATABASE_URL, or else of the embedded database in
MOA_DATA_DIR. A service may run meanwhile. Exits with code 1 if an invariant is violated.
`;

const print = ({ invariant, rule, violations, tookMs }: Finding): void => {
  const verdict = violations.length === 0 ? 'ok' : 'BROKEN';
  console.log(`${invariant}  ${verdict.padEnd(6)}  ${seconds(tookMs).padStart(7)}  ${rule}`);
  for (const violation of violations) console.log(`    ${violation}`);
};

const audit = async (url: string): Promise<void> => {
  const started = performance.now();
  const findings = await withSnapshot(url, (db) => checkInvariants(db, print));
  const broken = findings.filter(({ violations }) => violations.length > 0);
  console.log(
    `${broken.length === 0 ? 'All hold' : `${broken.length} of ${findings.length} are broken`}, ` +
      `checked in ${seconds(performance.now() - started)}; peak memory ${peakMemory()}`,
  );
  if (broken.length > 0) process.exitCode = 1;
};

await runCommand(USAGE, async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) console.log(USAGE);
  else await withSharedDatabase(readConfig(process.env), audit);
});

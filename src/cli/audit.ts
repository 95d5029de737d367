import { parseArgs } from 'node:util';
import { checkSinceProven } from '../audit/rounds/since-proven.ts';
import { withSnapshot } from '../audit/snapshot.ts';
import { readConfig } from '../config.ts';
import { auditAll } from './audit-all.ts';
import { withSharedDatabase } from './command-database.ts';
import { runCommand } from './command.ts';

const USAGE = `Checks every invariant of docs/invariants.md on the whole database.

  npm run audit
  npm run audit -- --since-proven

  --since-proven  checks only what events have changed since the last round of a service
  --json          prints the findings as JSON

Reads one snapshot of the database of DATABASE_URL, or else of the embedded database in
MOA_DATA_DIR. A service may run meanwhile. Exits with code 1 if an invariant is violated.
`;

const auditNew = async (url: string, json: boolean): Promise<void> => {
  const { position, events, violations } = await withSnapshot(url, checkSinceProven);
  if (json)
    console.log(JSON.stringify({ holds: violations.length === 0, position, events, violations }));
  else {
    for (const { part, subject, invariants, expected, found } of violations) {
      console.log(`${invariants.join(' ')}  BROKEN  ${part} ${subject}`);
      console.log(`    expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
    }
    console.log(
      `${violations.length === 0 ? 'No violation' : `${violations.length} violations`} in rows ` +
        `that ${events} events after position ${position} have changed`,
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
    await withSharedDatabase(readConfig(process.env), async (url) => {
      await (isNew ? auditNew : auditAll)(url, json);
    });
  }
});

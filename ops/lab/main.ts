import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkInvariants } from '../../src/audit/audit.ts';
import { openPool } from '../../src/database/session.ts';
import { issueToken, loadSigningKey } from '../../src/identity/index.ts';
import { findAddress } from '../../src/listening.ts';
import { createProcesses } from '../../src/verify/index.ts';
import { startCluster } from './cluster.ts';
import { FAULTS } from './faults.ts';
import { ProgramMissing, findPrograms } from './find-programs.ts';
import { openShop } from './load.ts';
import { median } from './measure.ts';
import { runRound, type Round } from './round.ts';
import { killAll } from './run.ts';

const HELP = `Breaks a shop on a PostgreSQL cluster under full load, and counts what was lost.

  npm run lab                                  every fault once
  npm run lab -- primary-killed --rounds 5     one fault, five times
  npm run lab -- --hosts                       without HAProxy: all servers in DATABASE_URL

Faults: ${FAULTS.map(({ name }) => name).join(', ')}.

  --rounds  how often each fault is caused (1)
  --before  seconds of load before a fault, whose rate is full speed (8)
  --after   seconds of load after sales began again (12)
  --hosts   the service finds the primary itself
  --keep    keeps the folder with the logs

Three PostgreSQL under Patroni with synchronous_mode, three etcd, HAProxy and two service processes,
all on this machine, in a temporary folder.`;

const PROCESSES = 2;
const TOKEN_SECONDS = 86_400;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1' },
    before: { type: 'string', default: '8' },
    after: { type: 'string', default: '12' },
    hosts: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => console.log(line);

const seconds = (value: number | undefined): string =>
  value === undefined ? 'not reached' : value.toFixed(1);

/** A row of the table for a fault: the figures are medians of its rounds. */
const rowOf = (rounds: readonly Round[]): string => {
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const sum = (pick: (round: Round) => number): number =>
    rounds.reduce((total, round) => total + pick(round), 0);
  const slowest = Math.max(...rounds.map(({ gapSeconds }) => gapSeconds));
  const full = rounds.map(({ fullSpeedSeconds }) => fullSpeedSeconds ?? Infinity);
  const cells = [
    rounds[0]?.fault,
    rounds.length,
    sum(({ paid }) => paid),
    sum(({ lost }) => lost),
    sum(({ double }) => double),
    sum(({ changed }) => changed),
    seconds(of(({ gapSeconds }) => gapSeconds)),
    seconds(slowest),
    Number.isFinite(median(full)) ? seconds(median(full)) : seconds(undefined),
    of(({ ordersPerSecond }) => ordersPerSecond).toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
};

const COLUMNS = [
  'fault',
  'rounds',
  'orders',
  'lost',
  'double',
  'changed answers',
  'seconds without sales, median',
  'slowest',
  'seconds until full speed, median',
  'orders/s before',
];
const HEADER = `| ${COLUMNS.join(' | ')} |\n|---${'|---:'.repeat(COLUMNS.length - 1)}|`;

const findFaults = () => {
  const chosen = positionals.length === 0 ? FAULTS.map(({ name }) => name) : positionals;
  return chosen.map((name) => {
    const fault = FAULTS.find((each) => each.name === name);
    if (fault === undefined) throw new ProgramMissing(`There is no fault ${name}.\n\n${HELP}`);
    return fault;
  });
};

const runLab = async (folder: string): Promise<boolean> => {
  const faults = findFaults();
  say(`The cluster starts in ${folder}`);
  const cluster = await startCluster(await findPrograms(), folder);
  const dataDirectory = join(folder, 'moa');
  const key = await loadSigningKey(dataDirectory);
  const token = await issueToken(key, {
    role: 'service',
    userId: 'lab',
    expiresInSeconds: TOKEN_SECONDS,
  });
  const databaseUrl = values.hosts ? cluster.urls.hosts : cluster.urls.proxy;
  const processes = createProcesses({
    databaseUrl,
    dataDirectory,
    count: PROCESSES,
    findAddress,
    onStarted: () => undefined,
    onEnded: (name, how) => say(`${name} ${how}`),
    onFault: (error) => say(error.message),
  });
  await processes.start();
  const shop = await openShop(processes.urls, token);
  const results: Round[] = [];
  for (const fault of faults) {
    for (let number = 1; number <= Number(values.rounds); number += 1) {
      const round = await runRound(fault, {
        cluster,
        databaseUrl: cluster.urls.proxy,
        shop,
        crashService: () => processes.crash(0),
        beforeSeconds: Number(values.before),
        afterSeconds: Number(values.after),
      });
      results.push(round);
      const { paid, lost, double, changed, gapSeconds, fullSpeedSeconds } = round;
      say(
        `${fault.description}: ${paid} orders, ${lost} lost, ${double} double, ` +
          `${changed} changed answers, ${seconds(gapSeconds)} s without sales, ` +
          `full speed after ${seconds(fullSpeedSeconds)} s`,
      );
    }
  }
  await processes.stopAll('SIGTERM');
  const pool = openPool(cluster.urls.proxy, 1);
  const broken = (await checkInvariants(pool)).filter(({ violations }) => violations.length > 0);
  await pool.end();
  await cluster.stop();
  say(`\n${HEADER}`);
  for (const rounds of Map.groupBy(results, ({ fault }) => fault).values()) say(rowOf(rounds));
  say(broken.length === 0 ? '\nEvery invariant holds.' : `\nBroken: ${JSON.stringify(broken)}`);
  return broken.length === 0 && results.every((r) => r.lost + r.double + r.changed === 0);
};

if (values.help) {
  say(HELP);
} else {
  process.on('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const folder = await mkdtemp(join(tmpdir(), 'moa-lab-'));
  try {
    process.exitCode = (await runLab(folder)) ? 0 : 1;
    if (!values.keep) await rm(folder, { recursive: true, force: true });
  } catch (error) {
    say(error instanceof ProgramMissing ? error.message : `${String(error)} (logs: ${folder})`);
    process.exitCode = 1;
    killAll();
  }
}

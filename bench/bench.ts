import type { Surroundings } from './command.ts';
import { comparisonHead, compareSamples, renderComparison } from './compare.ts';
import { openServer, type DatabaseServer } from './database.ts';
import type { LoadOrder } from './load.ts';
import { readFacts, renderFacts } from './machine.ts';
import type { Options } from './options.ts';
import { prepareShops, type Shops } from './prepare.ts';
import type { Report } from './report.ts';
import { writeResults } from './results.ts';
import { auditWith, openRevision, type Revision } from './revision.ts';
import { runScenario } from './run.ts';
import type { Sample } from './sample.ts';
import type { Scenario, SubjectName } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { openShopService, openSubjects, type Stage } from './subjects/index.ts';
import { summariseSamples } from './summary.ts';
import { renderTable, type ScenarioSummary } from './table.ts';
import { startWorker, type Worker } from './worker.ts';

interface Bench extends Surroundings {
  readonly options: Options;
  readonly server: DatabaseServer;
  readonly load: Worker<LoadOrder, Report>;
}

const HISTORY_ORDERS = 50_000;

/** Measures scenarios and stops everything that it started, also when it fails or is stopped. */
export const runBench = async (options: Options, surroundings: Surroundings): Promise<void> => {
  const server = await openServer(surroundings.log, surroundings.databaseUrl);
  const load = startWorker<LoadOrder, Report>('load.ts');
  try {
    const bench = { ...surroundings, options, server, load };
    await (options.compare === undefined ? measure(bench) : compare(bench, options.compare));
  } finally {
    await load.stop();
    await server.stop();
  }
};

const prepare = ({ server, options }: Bench, root: URL, label: string): Promise<Shops> =>
  prepareShops(server, root, label, {
    size: options.products,
    orders: options.orders ?? HISTORY_ORDERS,
  });

/** Runs each scenario until the time is over. */
const eachScenario = async (
  { options, log, signal }: Bench,
  run: (name: string, scenario: Scenario) => Promise<void>,
): Promise<void> => {
  const end = performance.now() + options.minutes * 60_000;
  for (const name of options.scenarios) {
    signal.throwIfAborted();
    const scenario = SCENARIOS[name];
    if (scenario === undefined) continue;
    if (performance.now() > end) {
      log(`${name} is not measured: ${options.minutes} minutes are over`);
    } else {
      log(`${name}: ${scenario.title}`);
      await run(name, scenario);
    }
  }
};

const measure = async (bench: Bench): Promise<void> => {
  const { root, options, server, load, print, log, signal } = bench;
  const facts = await readFacts(server, root);
  print(`${renderFacts(facts)}\n`);
  const shops = await prepare(bench, root, 'now');
  const scenarios: ScenarioSummary[] = [];
  await eachScenario(bench, async (name, scenario) => {
    const stage: Stage = { name, scenario, server, shops, load };
    const samples = await runScenario({ scenario, pace: options.pace, log, signal }, (opened) =>
      openSubjects(stage, root, opened),
    );
    const { title, operation, counted = 'connections' } = scenario;
    const summaries = summariseSamples(samples);
    const summary = { name, title, operation, counted, summaries };
    scenarios.push(summary);
    print(`${renderTable(summary)}\n`);
  });
  if (options.results === undefined) return;
  await writeResults(options.results, { facts, scenarios });
  print(`Results and charts: ${options.results}`);
};

const compare = async (bench: Bench, wanted: string): Promise<void> => {
  const { root, server, print, log } = bench;
  print(`${renderFacts(await readFacts(server, root))}\n`);
  const other = await openRevision(root, wanted, log);
  try {
    const [shops, otherShops] = [
      await prepare(bench, root, 'now'),
      await prepare(bench, other.root, 'other'),
    ];
    const rows: string[] = [];
    await eachScenario(bench, async (name, scenario) => {
      const samples = await compareScenario(bench, name, scenario, { other, shops, otherShops });
      rows.push(...renderComparison(name, compareSamples(samples, ['service', nameOf(other)])));
    });
    print([...comparisonHead('this revision', other.name), ...rows].join('\n'));
  } finally {
    await other.remove();
  }
};

const nameOf = ({ name }: Revision): SubjectName => `revision ${name}`;

interface Sides {
  readonly other: Revision;
  readonly shops: Shops;
  readonly otherShops: Shops;
}

const compareScenario = (
  { root, options, server, load, log, signal }: Bench,
  name: string,
  scenario: Scenario,
  { other, shops, otherShops }: Sides,
): Promise<Sample[]> => {
  const stage = { name, scenario, server, load };
  return runScenario({ scenario, pace: options.pace, log, signal }, async (opened) => {
    const isBaseline = false;
    opened(await openShopService({ ...stage, shops }, { name: 'service', isBaseline, root }));
    const audit = auditWith(other.root);
    const side = { name: nameOf(other), isBaseline, root: other.root, audit };
    opened(await openShopService({ ...stage, shops: otherShops }, side));
  });
};

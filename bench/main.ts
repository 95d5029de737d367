import { parseArgs } from 'node:util';
import { openServer } from './database.ts';
import type { LoadOrder } from './load.ts';
import { prepareShops } from './prepare.ts';
import type { Report } from './report.ts';
import { runScenario } from './run.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { openSubjects } from './subjects/index.ts';
import { summariseSamples } from './summary.ts';
import { renderTable } from './table.ts';
import { startWorker } from './worker.ts';

const root = new URL('../', import.meta.url);
const { positionals } = parseArgs({ allowPositionals: true });
const log = (message: string): void => console.error(message);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopping.abort(new Error('stopped')));
}
const server = await openServer(log);
const load = startWorker<LoadOrder, Report>('load.ts');
try {
  const shops = await prepareShops(server, root, 'now', { size: 1000, orders: 20000 });
  for (const name of positionals) {
    const scenario = SCENARIOS[name]!;
    const pace = { seconds: 2, rounds: 1, warmUpSeconds: 1, connections: undefined };
    const samples = await runScenario(
      { scenario, server, pace, log, signal: stopping.signal },
      (opened) => openSubjects({ name, scenario, server, shops, load }, root, opened),
    );
    console.log(
      renderTable({
        name,
        title: scenario.title,
        operation: scenario.operation,
        summaries: summariseSamples(samples),
      }),
    );
  }
} finally {
  await load.stop();
  await server.stop();
}

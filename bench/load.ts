import type { RecordableHistogram } from 'node:perf_hooks';
import { createLatencies, recordMs, summarise, watchUse, type Report } from './report.ts';
import type { Accounted } from './processor.ts';
import { SCENARIOS } from './scenarios/index.ts';
import type { Beside, Operation, Scenario, Shop, Turn } from './scenario.ts';
import { openConnection, type Connection } from './wire.ts';
import { serve } from './worker.ts';

/** A measurement that the load process carries out. */
export interface LoadOrder {
  readonly scenario: string;
  readonly shop: Shop;
  readonly connections: number;
  readonly seconds: number;
  readonly accounted: Accounted;
}

interface Running {
  readonly next: (connection: number) => Operation | undefined;
  readonly onOperation: () => void;
  readonly latencies: RecordableHistogram;
  readonly unexpected: Record<string, number>;
}

/** Operations so far in this process, over all measurements. */
let count = 0;

const measure = async (order: LoadOrder): Promise<Report> => {
  const scenario = SCENARIOS[order.scenario];
  if (scenario === undefined) throw new Error(`no scenario ${order.scenario}`);
  return scenario.prepareWork === undefined
    ? operate(scenario, order)
    : work(await scenario.prepareWork(order.shop, order.seconds), order);
};

const work = async (run: () => Promise<number>, { accounted }: LoadOrder): Promise<Report> => {
  const used = await watchUse(accounted);
  const operations = await run();
  return { operations, latency: undefined, unexpected: {}, extra: {}, ...(await used(operations)) };
};

/** Opens the connections, then lets each send the next operation when the last is answered. */
const operate = async (scenario: Scenario, order: LoadOrder): Promise<Report> => {
  const { shop, seconds } = order;
  const beside = await scenario.beside?.(shop, order.connections);
  const start = await openCallers(shop.url, scenario.callers ?? order.connections);

  const used = await watchUse(order.accounted);
  const running = createRunning(scenario, shop, performance.now() + seconds * 1_000, beside);
  await start(running);
  const { latencies, unexpected } = running;
  return {
    operations: latencies.count,
    latency: summarise(latencies),
    unexpected,
    ...(await used(latencies.count)),
    extra: beside?.stop() ?? {},
  };
};

const createRunning = (
  scenario: Scenario,
  shop: Shop,
  end: number,
  beside: Beside | undefined,
): Running => {
  const begin = scenario.begin(shop);
  const turnOf = (connection: number): Turn => ({ count: count++, connection });
  return {
    next: (connection) => (performance.now() < end ? begin(turnOf(connection)) : undefined),
    onOperation: beside?.onOperation ?? (() => undefined),
    latencies: createLatencies(),
    unexpected: {},
  };
};

/** Opens connections; the returned function runs on all of them until there is no operation. */
const openCallers = async (url: string, connections: number) => {
  const callers = await Promise.all(
    Array.from({ length: connections }, (_, index) => openCaller(url, index)),
  );
  return (running: Running): Promise<unknown> =>
    Promise.all(callers.map((caller) => caller(running)));
};

const openCaller = async (url: string, index: number) => {
  let onAnswer: (status: number, body: string) => void = () => undefined;
  let onFault: (error: Error) => void = () => undefined;
  const connection = await openConnection(url, {
    onAnswer: ({ status, body }) => onAnswer(status, body),
    onFault: (error) => onFault(error),
  });
  return (running: Running): Promise<void> =>
    new Promise((resolve, reject) => {
      onFault = reject;
      onAnswer = callOn(connection, index, running, resolve);
    });
};

/** Sends the first step of the first operation; returns what takes each answer. */
const callOn = (
  connection: Connection,
  index: number,
  { next, onOperation, latencies, unexpected }: Running,
  onEnd: () => void,
): ((status: number, body: string) => void) => {
  let operation: Operation | undefined;
  let startedAt = 0;
  let expected = 0;

  const begin = (): void => {
    operation = next(index);
    startedAt = performance.now();
    proceed('');
  };
  const proceed = (body: string): void => {
    const step = operation?.next(body);
    if (step === undefined) {
      connection.close();
      onEnd();
    } else if (step.done) {
      recordMs(latencies, performance.now() - startedAt);
      onOperation();
      begin();
    } else {
      expected = step.value.status;
      connection.send(step.value.request);
    }
  };
  begin();
  return (status, body) => {
    if (status === expected) {
      proceed(body);
    } else {
      // The operation is given up: it counts as refused, not as done.
      unexpected[status] = (unexpected[status] ?? 0) + 1;
      begin();
    }
  };
};

serve(measure);

import type { RecordableHistogram } from 'node:perf_hooks';
import type { Accounted } from './processor.ts';
import { createLatencies, recordMs, summarise, watchUse, type Report } from './report.ts';
import type { Beside, Operation, Step, Turn } from './scenario.ts';
import { openConnection, type Connection } from './wire.ts';

/** Operations for a server over a number of connections. */
interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly accounted: Accounted;
  readonly begin: (turn: Turn) => Operation;
  readonly beside?: Beside | undefined;
}

interface Running {
  readonly next: (connection: number) => Operation | undefined;
  readonly onOperation: () => void;
  readonly latencies: RecordableHistogram;
  readonly unexpected: Record<string, number>;
}

/** Operations so far in this process, over all measurements. */
let count = 0;

/** Opens the connections, then lets each send the next operation when the last is answered. */
export const operate = async (load: Load): Promise<Report> => {
  const start = await openCallers(load.url, load.connections);
  const used = await watchUse(load.accounted);
  const running = createRunning(load);
  await start(running);
  const { latencies, unexpected } = running;
  return {
    operations: latencies.count,
    latency: summarise(latencies),
    unexpected,
    ...(await used(latencies.count)),
    extra: load.beside?.stop() ?? {},
  };
};

const createRunning = ({ begin, seconds, beside }: Load): Running => {
  const end = performance.now() + seconds * 1_000;
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
  let sent: Step | undefined;

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
      sent = step.value;
      connection.send(sent.request);
    }
  };
  begin();
  return (status, body) => {
    if (status === sent?.status && (sent.accepts?.(body) ?? true)) {
      proceed(body);
    } else {
      // The operation is given up: it counts as refused, not as done.
      unexpected[status] = (unexpected[status] ?? 0) + 1;
      begin();
    }
  };
};

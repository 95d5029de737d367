import { setTimeout as delay } from 'node:timers/promises';
import type { Accounted } from './processor.ts';
import { createLatencies, recordMs, summarise, watchUse, type Report } from './report.ts';
import type { Operation, Step, Turn } from './scenario.ts';
import { openConnection, type Connection } from './wire.ts';

/** Operations of one step that arrive at a fixed rate, whatever the server answers. */
interface Arrivals {
  readonly url: string;
  readonly perSecond: number;
  /** Before the measurement: until a queue that the first rush has filled is short again. */
  readonly leadSeconds: number;
  readonly seconds: number;
  /** Those who arrive while all connections wait for answers wait, too; it counts as latency. */
  readonly connections: number;
  readonly accounted: Accounted;
  readonly begin: (turn: Turn) => Operation;
}

interface Caller {
  connection: Connection;
  arrivedAt: number;
  step: Step | undefined;
}

type OnAnswer = (status: number, tookMs: number, expected: number | undefined) => void;

const OVERLOADED = 503;
/** As often as a timer can. */
const TICK_MS = 1;
/**
 * Connections that are opened at the same time: fewer than wait to be accepted by Node.js (511,
 * `backlog` of `server.listen`). Linux drops the end of the handshake of any further one, which
 * then looks open here, and its first request is answered seconds later or the connection is reset.
 */
const OPENED_AT_ONCE = 128;

/** Operations so far in this process, over all measurements. */
let count = 0;

/**
 * Sends operations at a fixed rate (an open-loop load: Schroeder et al., "Open Versus Closed: A
 * Cautionary Tale", NSDI 2006). Latency is that of the accepted ones, from the arrival; answers 503
 * are reported beside it.
 */
export const sendArrivals = async (arrivals: Arrivals): Promise<Report> => {
  const { perSecond, leadSeconds, seconds, accounted } = arrivals;
  const accepted = createLatencies();
  const refused = createLatencies();
  const unexpected: Record<string, number> = {};
  let isMeasured = false;

  const callers = await openCallers(arrivals, (status, tookMs, expected) => {
    if (!isMeasured) return;
    if (status === expected) recordMs(accepted, tookMs);
    else unexpected[status] = (unexpected[status] ?? 0) + 1;
    if (status === OVERLOADED) recordMs(refused, tookMs);
  });
  const sending = callers.send(leadSeconds + seconds);
  await Promise.race([delay(leadSeconds * 1_000), callers.failed]);
  const used = await watchUse(accounted);
  isMeasured = true;
  await Promise.race([delay(seconds * 1_000), callers.failed]);
  isMeasured = false;
  const measured = await used(accepted.count);
  await Promise.race([sending, callers.failed]);
  callers.close();

  const shed = summarise(refused);
  return {
    operations: accepted.count,
    latency: summarise(accepted),
    unexpected,
    ...measured,
    extra: {
      'arrivals a second': perSecond,
      'refused after, p50 ms': shed?.p50 ?? 0,
      'refused after, p99 ms': shed?.p99 ?? 0,
    },
  };
};

/** Opens the connections; `send` lets operations arrive for a time and waits for the answers. */
const openCallers = async (
  { url, perSecond, connections, begin }: Arrivals,
  onAnswer: OnAnswer,
) => {
  const idle: Caller[] = [];
  /** When those arrived who wait for a connection. */
  const waiting: number[] = [];
  let inFlight = 0;
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  // Whoever waits gets the rejection.
  failed.catch(() => undefined);

  const call = (caller: Caller, arrivedAt: number): void => {
    const step = begin({ count: count++, connection: 0 }).next('').value;
    if (step === undefined) throw new Error('an operation without a step');
    caller.arrivedAt = arrivedAt;
    caller.step = step;
    inFlight++;
    caller.connection.send(step.request);
  };
  const take = (caller: Caller, status: number): void => {
    inFlight--;
    onAnswer(status, performance.now() - caller.arrivedAt, caller.step?.status);
    const next = waiting.shift();
    if (next === undefined) idle.push(caller);
    else call(caller, next);
  };
  const open = async (): Promise<Caller> => {
    let caller: Caller | undefined;
    const connection = await openConnection(url, {
      onAnswer: ({ status }) => caller && take(caller, status),
      onFault: fail,
    });
    return (caller = { connection, arrivedAt: 0, step: undefined });
  };
  const callers: Caller[] = [];
  while (callers.length < connections) {
    const length = Math.min(OPENED_AT_ONCE, connections - callers.length);
    callers.push(...(await Promise.all(Array.from({ length }, open))));
  }
  idle.push(...callers);

  return {
    failed,
    send: (seconds: number): Promise<void> =>
      new Promise((resolve) => {
        const started = performance.now();
        const end = started + seconds * 1_000;
        let arrived = 0;
        const tick = (): void => {
          const now = Math.min(performance.now(), end);
          for (; arrived < ((now - started) / 1_000) * perSecond; arrived++) {
            const arrivedAt = started + (arrived * 1_000) / perSecond;
            const caller = idle.pop();
            if (caller === undefined) waiting.push(arrivedAt);
            else call(caller, arrivedAt);
          }
          if (now === end && inFlight === 0 && waiting.length === 0) resolve();
          else setTimeout(tick, TICK_MS);
        };
        tick();
      }),
    close: (): void => {
      for (const { connection } of callers) connection.close();
    },
  };
};

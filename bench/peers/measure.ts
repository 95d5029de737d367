import type { Sample } from '../sample.ts';
import { summariseSamples, type Summary } from '../summary.ts';
import { PEER_SCENARIOS, type PeerScenario } from './peer.ts';
import type { System } from './system.ts';

export interface Pace {
  /** Of a measurement. */
  readonly seconds: number;
  readonly rounds: number;
  /** Of a trial of a number of connections. */
  readonly trialSeconds: number;
}

interface Run {
  readonly pace: Pace;
  /** No measurement begins after this time of the process. */
  readonly end: number;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

/** A system in a scenario. */
export interface Measured {
  readonly scenario: PeerScenario;
  /** At the best of the tried numbers of connections; undefined when no round succeeded. */
  readonly summary: Summary | undefined;
  /** Orders a second of the trials, by connections. */
  readonly trials: Readonly<Record<string, number>>;
}

/** What the systems did, in the order in which they were given. */
export interface Measurements {
  readonly measured: ReadonlyMap<System, readonly Measured[]>;
  /** Orders that the load saw placed, of all measurements. */
  readonly answered: ReadonlyMap<System, number>;
  /** What failed last, of a system. */
  readonly failures: ReadonlyMap<System, string>;
}

const perSecondOf = ({ operations, seconds }: Sample): number => operations / seconds;

/** The number of connections with the most orders a second; undefined without a sample. */
export const bestConnections = (trials: readonly Sample[]): number | undefined =>
  trials.toSorted((a, b) => perSecondOf(b) - perSecondOf(a))[0]?.connections;

/** One measurement; undefined when time is over or a peer fails; in a round, it was its last. */
type Take = (
  system: System,
  scenario: PeerScenario,
  turn: { readonly connections: number; readonly seconds: number; readonly round: number },
) => Promise<Sample | undefined>;

/** The round of a trial, and of the warm-up. */
const TRIAL = 0;

/**
 * Measures the systems by turns: each is warmed up, then tries its numbers of connections in each
 * scenario and keeps the best for the rounds.
 */
export const measureSystems = async (
  systems: readonly System[],
  run: Run,
): Promise<Measurements> => {
  const measured = new Map<System, Measured[]>(systems.map((system) => [system, []]));
  const answered = new Map<System, number>();
  const failures = new Map<System, string>();
  const take = createTake(run, answered, failures);
  for (const system of systems) {
    const connections = system.connections[0] ?? 1;
    const seconds = run.pace.trialSeconds;
    await take(system, 'checkout-spread', { connections, seconds, round: TRIAL });
  }
  for (const scenario of PEER_SCENARIOS) {
    run.log(scenario);
    for (const [system, each] of await measureScenario(systems, scenario, run.pace, take)) {
      measured.get(system)?.push(each);
    }
  }
  return { measured, answered, failures };
};

const createTake = (
  { end, log, signal }: Run,
  answered: Map<System, number>,
  failures: Map<System, string>,
): Take => {
  const givenUp = new Set<System>();
  return async (system, scenario, { connections, seconds, round }) => {
    signal.throwIfAborted();
    if (givenUp.has(system) || performance.now() > end) return undefined;
    const name = nameOf(system);
    try {
      const report = await system.measure(scenario, connections, seconds);
      answered.set(system, (answered.get(system) ?? 0) + report.operations);
      const sample = { ...report, subject: system.subject, connections, round };
      const turn = round === TRIAL ? 'trial' : `round ${round}`;
      log(`  ${turn}, ${name}, ${connections} connections: ${perSecondOf(sample).toFixed(1)}/s`);
      return sample;
    } catch (error) {
      signal.throwIfAborted();
      if (system.subject === 'service') throw error;
      const [reason = ''] = (error as Error).message.split('\n', 1);
      failures.set(system, `${scenario}, ${connections} connections: ${reason}`);
      if (round !== TRIAL) givenUp.add(system);
      log(`  ${name}, ${connections} connections, failed: ${(error as Error).message}`);
      return undefined;
    }
  };
};

const measureScenario = async (
  systems: readonly System[],
  scenario: PeerScenario,
  pace: Pace,
  take: Take,
): Promise<[System, Measured][]> => {
  const states = systems.map((system) => ({
    system,
    trials: [] as Sample[],
    samples: [] as Sample[],
  }));
  for (const { system, trials } of states) {
    for (const connections of system.connections) {
      const turn = { connections, seconds: pace.trialSeconds, round: TRIAL };
      const sample = await take(system, scenario, turn);
      if (sample !== undefined) trials.push(sample);
    }
  }
  for (let round = 1; round <= pace.rounds; round++) {
    // What one leaves behind in the background must not always meet the same other.
    for (const { system, trials, samples } of round % 2 === 1 ? states : states.toReversed()) {
      const connections = bestConnections(trials);
      if (connections === undefined) continue;
      const sample = await take(system, scenario, { connections, seconds: pace.seconds, round });
      if (sample !== undefined) samples.push(sample);
    }
  }
  return states.map(({ system, trials, samples }) => [
    system,
    {
      scenario,
      summary: summariseSamples(samples)[0],
      trials: Object.fromEntries(trials.map((each) => [each.connections, perSecondOf(each)])),
    },
  ]);
};

/** The service, beside the others. */
export const MOA = 'Moa';

/** The name of a system in tables. */
export const nameOf = ({ subject }: Pick<System, 'subject'>): string =>
  subject === 'service' ? MOA : subject;

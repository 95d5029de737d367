import { baselineConnections, type Sample } from './sample.ts';
import type { Scenario } from './scenario.ts';
import type { Subject } from './subjects/index.ts';

export interface Pace {
  readonly seconds: number;
  readonly rounds: number;
  readonly warmUpSeconds: number;
  /** Replaces the numbers of connections of each scenario that counts connections. */
  readonly connections: readonly number[] | undefined;
}

interface Run {
  readonly scenario: Scenario;
  readonly pace: Pace;
  readonly log: (message: string) => void;
  /** Ends the run before the next measurement. */
  readonly signal: AbortSignal;
}

/**
 * Opens the subjects of a scenario, measures them by turns and closes them; all are alive all the
 * time, so each turn has the same conditions. Throws when an invariant is violated afterwards.
 */
export const runScenario = async (
  { scenario, pace, log, signal }: Run,
  open: (opened: (subject: Subject) => void) => Promise<void>,
): Promise<Sample[]> => {
  const subjects: Subject[] = [];
  const isOwn = scenario.counted !== undefined || pace.connections === undefined;
  const connections = isOwn ? scenario.connections : pace.connections;
  const main = baselineConnections(connections);
  const samples: Sample[] = [];
  let stopped: PromiseSettledResult<void>[];

  const measure = async (subject: Subject, at: number, round: number): Promise<void> => {
    signal.throwIfAborted();
    const report = await subject.measure(at, pace.seconds);
    samples.push({ ...report, subject: subject.name, connections: at, round });
    log(
      `  round ${round}, ${subject.name}, ${at} connections: ` +
        `${Math.round(report.operations / report.seconds)}/s`,
    );
  };

  try {
    await open((subject) => subjects.push(subject));
    for (const subject of subjects) {
      signal.throwIfAborted();
      await subject.measure(main, pace.warmUpSeconds);
    }
    for (let round = 1; round <= pace.rounds; round++) {
      // What one leaves behind in the background must not always meet the same other.
      const inTurn = round % 2 === 1 ? subjects : subjects.toReversed();
      for (const at of connections) {
        for (const subject of inTurn) {
          if (at === main || !subject.isBaseline) await measure(subject, at, round);
        }
      }
    }
  } finally {
    stopped = await Promise.allSettled(subjects.map((subject) => subject.stop()));
  }
  const failed = stopped.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return samples;
};

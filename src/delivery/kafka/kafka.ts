import type { Channel, OutgoingEvent, SendResult } from '../channel.ts';
import { untilAborted } from '../until-aborted.ts';
import { topicOf } from './address.ts';
import { judge, type Verdict } from './answers.ts';
import { createBatches } from './batches.ts';
import { openCluster, type Cluster, type ProducerId } from './cluster.ts';
import { describeFault } from './fault.ts';
import { readKafkaSettings } from './settings.ts';

interface KafkaOptions {
  readonly url: string;
  readonly secret: string | null;
  readonly ca: string | null;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** A leader that has moved is found at once; beyond this the pause of a failed attempt helps. */
const REPEATS_MAX = 2;

/**
 * Opens a channel to Kafka. Each event is a CloudEvent in binary mode under the key of its subject,
 * so the events of a subject keep their order in one partition of a topic. Connects at the first
 * `send`; a failed `send` destroys the connections and the next one connects again. One `send`
 * takes at most `timeoutMs`.
 *
 * All in-sync replicas confirm each event. A `send` writes one batch for each partition. A batch
 * without an answer is in doubt: the next `send` repeats it under the same sequence number, and the
 * broker stores it once. An event is stored twice only if a new channel repeats it, or if the
 * broker has lost the producer.
 */
export const openKafka = ({ timeoutMs = TIMEOUT_MS, ...fields }: KafkaOptions): Channel => {
  const settings = readKafkaSettings(fields);
  const hidden = settings.user === null ? [] : [settings.user.password];
  const closing = new AbortController();
  const batches = createBatches();
  let cluster: Cluster | undefined;
  let producer: ProducerId | undefined;
  let isMoved = false;

  const topicFor = ({ type }: OutgoingEvent): string => topicOf(settings, type);

  /** Writes the next batches once. An abort records no answer: the next `send` repeats them. */
  const write = async (events: readonly OutgoingEvent[], end: AbortSignal): Promise<Verdict[]> => {
    cluster ??= openCluster(settings, timeoutMs);
    const { findPlaces, createProducerId, write: writeAll } = cluster;
    const findPlace = await findPlaces([...new Set(events.map(topicFor))], isMoved);
    const current = producer ?? (await createProducerId());
    end.throwIfAborted();
    isMoved = false;
    producer = current;
    const next = batches.next(events, (event) => findPlace(topicFor(event), event.subject));
    const answers = await writeAll(next, current);
    end.throwIfAborted();
    return answers.map((answer) => {
      const verdict = judge(answer, hidden);
      if (verdict.kind === 'stored') batches.store(answer.batch);
      if (verdict.kind === 'refused') batches.drop(answer.batch);
      return verdict;
    });
  };

  const deliver = async (
    events: readonly OutgoingEvent[],
    end: AbortSignal,
  ): Promise<SendResult> => {
    for (let repeats = 0; ;) {
      end.throwIfAborted();
      const rest = batches.unstored(events);
      if (rest.length === 0) break;
      const verdicts = await write(rest, end);
      const find = (kind: Verdict['kind']) => verdicts.find((each) => each.kind === kind);
      const again = find('unknown-producer') ?? find('moved');
      isMoved = find('moved') !== undefined;
      if (find('unknown-producer') !== undefined) {
        producer = undefined;
        batches.restart();
      }
      const failed = find('failed') ?? (repeats === REPEATS_MAX ? again : undefined);
      if (failed !== undefined) throw new Error(failed.detail);
      const refused = find('refused');
      if (again !== undefined) repeats++;
      else if (refused !== undefined) return { kind: 'refused', detail: refused.detail };
    }
    batches.release(events);
    return { kind: 'delivered' };
  };

  const disconnect = (): void => {
    cluster?.close();
    cluster = undefined;
  };

  const describe = (error: unknown): string => {
    if (closing.signal.aborted) return 'closed';
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return isLate ? `no answer within ${timeoutMs} ms` : describeFault(error, hidden);
  };

  return {
    send: async (events, signal) => {
      const end = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await untilAborted(deliver(events, end), end);
      } catch (error) {
        disconnect();
        return { kind: 'failed', detail: signal.aborted ? 'aborted' : describe(error) };
      }
    },
    close: () => {
      closing.abort();
      disconnect();
      return Promise.resolve();
    },
  };
};

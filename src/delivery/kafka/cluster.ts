import { isIP } from 'node:net';
import {
  NumericMap,
  Producer,
  murmur2,
  produceV7,
  type ClusterMetadata,
  type Connection,
  type MessageRecord,
} from '@platformatic/kafka';
import type { Batch, Place } from './batches.ts';
import { authenticateScram, guard } from './guard.ts';
import { toKafkaMessage } from './message.ts';
import type { KafkaSettings } from './settings.ts';

/** What a broker answered about a batch, or why there is no answer. */
export type BatchAnswer = { readonly batch: Batch } & (
  | { readonly kind: 'answered'; /** 0 without an error. */ readonly code: number }
  | { readonly kind: 'unanswered'; readonly fault: unknown }
);

/** The identity under which a broker recognizes repeated batches (KIP-98). */
export interface ProducerId {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Connections to the brokers of a cluster. Every call may reject. */
export interface Cluster {
  readonly createProducerId: () => Promise<ProducerId>;
  /** Finds the places of keys in some topics; `isFresh` asks the brokers again. */
  readonly findPlaces: (
    topics: readonly string[],
    isFresh: boolean,
  ) => Promise<(topic: string, key: string) => Place>;
  /** Writes each batch to its leader and waits until all in-sync replicas have it. */
  readonly write: (batches: readonly Batch[], producer: ProducerId) => Promise<BatchAnswer[]>;
  /** Destroys all connections. */
  readonly close: () => void;
}

const ACKS_ALL = -1;
/** A new partition is used, and a broker that has moved is found, after this time at the latest. */
const METADATA_MAX_AGE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
const NO_LEADER = -1;
const POSITIVE = 0x7f_ff_ff_ff;
const UNKNOWN_SERVER_ERROR = -1;
const LEADER_NOT_AVAILABLE = 5;

const OFFICIAL = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

/**
 * Opens a client of a cluster; connects when it is first used. Nothing is repeated here: whoever
 * writes a batch repeats it with its sequence number. Produce requests have version 7, which every
 * broker since Apache Kafka 2.1 accepts (KIP-896).
 */
export const openCluster = (settings: KafkaSettings, timeoutMs: number): Cluster => {
  const { brokers, user, mechanism, compression, isEncrypted, ca } = settings;
  const client = new Producer({
    clientId: 'moa',
    bootstrapBrokers: [...brokers],
    retries: 0,
    connectTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    requestTimeout: timeoutMs,
    timeout: timeoutMs,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    autocreateTopics: false,
    // The name that a broker chooses its certificate by is no address (RFC 6066 §3).
    tlsServerName: brokers.some(({ host }) => isIP(host) === 0),
    ...(isEncrypted ? { tls: ca === null ? {} : { ca } } : {}),
    ...(user === null
      ? {}
      : {
          sasl: {
            mechanism: OFFICIAL[mechanism],
            username: user.name,
            password: user.password,
            ...(mechanism === 'plain' ? {} : { authenticate: authenticateScram }),
          },
        }),
  });
  const connections = new Set<Connection>();
  client.connections.on('connecting', ({ connection }) => {
    connections.add(connection);
    guard(connection);
    connection.once('close', () => connections.delete(connection));
  });

  const writeTo = async (
    leader: number,
    batches: readonly Batch[],
    producer: ProducerId,
  ): Promise<BatchAnswer[]> => {
    const broker = client.currentMetadata?.brokers.get(leader);
    if (broker === undefined) return answersTo(batches, () => LEADER_NOT_AVAILABLE);
    try {
      const connection = await client.connections.get(broker);
      const sequences = new NumericMap(batches.map((batch) => [keyOf(batch), batch.sequence]));
      const options = { ...producer, sequences, compression };
      const records = batches.flatMap(recordsOf);
      const write = produceV7.api.async(connection, ACKS_ALL, timeoutMs, records, options);
      const codes = codesIn(await write.catch(responseOf));
      return answersTo(batches, (batch) => codes.get(keyOf(batch)) ?? UNKNOWN_SERVER_ERROR);
    } catch (fault) {
      return batches.map((batch) => ({ kind: 'unanswered', batch, fault }));
    }
  };

  return {
    createProducerId: () => client.initIdempotentProducer({}),
    findPlaces: async (topics, isFresh) => {
      const wanted = { topics: [...topics], forceUpdate: isFresh };
      const metadata = await client.metadata(wanted);
      return (topic, key) => ({ topic, partition: partitionOf(metadata, topic, key) });
    },
    write: async (batches, producer) => {
      const leaders = new Map<number, Batch[]>();
      for (const batch of batches) {
        const { topic, partition } = batch;
        const found = client.currentMetadata?.topics.get(topic)?.partitions[partition];
        const leader = found?.leader ?? NO_LEADER;
        leaders.set(leader, [...(leaders.get(leader) ?? []), batch]);
      }
      const answers = [...leaders].map(([leader, own]) => writeTo(leader, own, producer));
      return (await Promise.all(answers)).flat();
    },
    close: () => {
      // With an error, because the client waits for one while it connects.
      for (const connection of connections) connection.socket?.destroy(new Error('closed'));
      void client.close().catch(() => undefined);
    },
  };
};

const keyOf = ({ topic, partition }: Place): string => `${topic}:${partition}`;

const recordsOf = ({ topic, partition, events }: Batch): MessageRecord[] =>
  events.map((event) => ({ ...toKafkaMessage(event), topic, partition }));

/** As the Java client does for a record with a key (Apache Kafka, `BuiltInPartitioner`). */
const partitionOf = (metadata: ClusterMetadata, topic: string, key: string): number => {
  const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
  if (count === 0) throw new Error(`the topic ${topic} has no partitions`);
  return (murmur2(Buffer.from(key)) & POSITIVE) % count;
};

const answersTo = (batches: readonly Batch[], codeOf: (batch: Batch) => number): BatchAnswer[] =>
  batches.map((batch) => ({ kind: 'answered', batch, code: codeOf(batch) }));

type Answer = Awaited<ReturnType<typeof produceV7.api.async>>;

/** An answer with an error for a partition comes as a fault that has the whole answer. */
const responseOf = (fault: Error & { readonly response?: Answer }): Answer => {
  if (fault.response === undefined) throw fault;
  return fault.response;
};

/** The error codes of an answer, by topic and partition. */
const codesIn = (answer: Answer): Map<string, number> => {
  const topics = typeof answer === 'boolean' ? [] : answer.responses;
  return new Map(
    topics.flatMap(({ name: topic, partitionResponses }) =>
      partitionResponses.map(({ index: partition, errorCode }) => [
        keyOf({ topic, partition }),
        errorCode,
      ]),
    ),
  );
};

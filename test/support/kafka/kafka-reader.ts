import { pbkdf2Sync, randomBytes } from 'node:crypto';
import {
  Admin,
  Consumer,
  ListOffsetTimestamps,
  alterUserScramCredentialsV0,
} from '@platformatic/kafka';
import { v7 } from 'uuid';
import { waitUntil } from '../wait.ts';

/** A record of a topic. */
export interface StoredRecord {
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/**
 * Creates a topic through the open listener of a broker, and waits until its leaders answer: the
 * metadata name a broker as the leader before the broker accepts records.
 */
export const createTopic = async (
  server: string,
  topic: string,
  options: { readonly partitions?: number; readonly replicas?: number } = {},
): Promise<void> => {
  const { partitions = 1, replicas = 1 } = options;
  const admin = openAdmin(server);
  try {
    await admin.createTopics({ topics: [topic], partitions, replicas });
    const hasLeaders = async (): Promise<boolean> => {
      const metadata = await admin.metadata({ topics: [topic], forceUpdate: true });
      const found = metadata.topics.get(topic)?.partitions ?? [];
      return found.length === partitions && found.every(({ leader }) => leader >= 0);
    };
    const doLeadersAnswer = async (): Promise<boolean> => {
      const ends = Array.from({ length: partitions }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp: ListOffsetTimestamps.LATEST,
      }));
      await admin.listOffsets({ topics: [{ name: topic, partitions: ends }] });
      return true;
    };
    const isReady = async (): Promise<boolean> => (await hasLeaders()) && doLeadersAnswer();
    await waitUntil(() => isReady().catch(() => false), `the topic ${topic}`);
  } finally {
    await admin.close();
  }
};

/** Deletes a topic with its records. */
export const deleteTopic = async (server: string, topic: string): Promise<void> => {
  const admin = openAdmin(server);
  try {
    await admin.deleteTopics({ topics: [topic] });
    const isGone = async (): Promise<boolean> => !(await admin.listTopics()).includes(topic);
    await waitUntil(isGone, `the end of the topic ${topic}`);
  } finally {
    await admin.close();
  }
};

/** Gives a user a password for SCRAM. */
export const createScramUser = async (
  server: string,
  name: string,
  password: string,
): Promise<void> => {
  const admin = openAdmin(server);
  try {
    const connections = await admin.connectToBrokers();
    const salt = randomBytes(16);
    const credentials = MECHANISMS.map(({ mechanism, hash, bytes }) => {
      const saltedPassword = pbkdf2Sync(password, salt, ITERATIONS, bytes, hash);
      return { name, mechanism, iterations: ITERATIONS, salt, saltedPassword };
    });
    const [connection] = [...connections.values()];
    if (connection === undefined) throw new Error('no broker');
    // A request may name a user once.
    for (const each of credentials) {
      await alterUserScramCredentialsV0.api.async(connection, [], [each]);
    }
  } finally {
    await admin.close();
  }
};

const ITERATIONS = 4_096;
const MECHANISMS = [
  { mechanism: 1, hash: 'sha256', bytes: 32 },
  { mechanism: 2, hash: 'sha512', bytes: 64 },
] as const;

const openAdmin = (server: string): Admin =>
  new Admin({ clientId: 'test', bootstrapBrokers: [server], retries: 20, retryDelay: 100 });

/** All records of a topic at this time, by partition and offset. */
export const readTopic = async (server: string, topic: string): Promise<StoredRecord[]> => {
  const consumer = new Consumer({
    clientId: 'test',
    groupId: v7(),
    bootstrapBrokers: [server],
    retries: 20,
    retryDelay: 100,
  });
  try {
    const ends = (await consumer.listOffsets({ topics: [topic] })).get(topic) ?? [];
    const count = Number(ends.reduce((sum, end) => sum + end, 0n));
    if (count === 0) return [];
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
    const records: StoredRecord[] = [];
    for await (const { partition, key, headers, value } of stream) {
      const texts = [...headers].map(([name, text]) => [name.toString(), text.toString()]);
      records.push({
        partition,
        key: key.toString(),
        headers: Object.fromEntries(texts) as Record<string, string>,
        value: value.toString(),
      });
      if (records.length === count) break;
    }
    return records;
  } finally {
    await consumer.close(true);
  }
};

/** The leading brokers of a topic's partitions, sorted. */
export const readLeaders = async (server: string, topic: string): Promise<number[]> => {
  const admin = openAdmin(server);
  try {
    const { topics } = await admin.metadata({ topics: [topic] });
    const leaders = topics.get(topic)?.partitions.map(({ leader }) => leader) ?? [];
    return leaders.toSorted((a, b) => a - b);
  } finally {
    await admin.close();
  }
};

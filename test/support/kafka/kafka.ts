import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { temporaryDirectory, type OnEnd } from '../service.ts';
import { waitUntil, withinTime } from '../wait.ts';
import { findKafkaFiles, type KafkaFiles } from './kafka-files.ts';

/** A broker of Apache Kafka; the first one of a cluster is its controller, too. */
export interface KafkaServer {
  /** `host:port` of the listener without encryption and authentication. */
  readonly open: string;
  /** `host:port` of SASL without TLS: SCRAM. */
  readonly sasl: string;
  /** `host:port` of TLS without authentication. */
  readonly tls: string;
  /** `host:port` of SASL over TLS: PLAIN and SCRAM. */
  readonly safe: string;
  /** The file with the certificate of the broker, in PEM. */
  readonly certificate: string;
  /** Kills the broker, like a power cut of its process. */
  readonly kill: () => Promise<void>;
  /** Starts the broker again on the same ports and storage. */
  readonly restart: () => Promise<void>;
}

/** The user of SASL/PLAIN; those of SCRAM are created by `createScramUser`. */
export const PLAIN_USER = { name: 'moa', password: 'plain-password' } as const;

let finding: Promise<KafkaFiles | string> | undefined;

/** A hook for `beforeEach` that skips tests without Java and Maven; fails in CI if they fail. */
export const needsKafka = async ({ task, skip }: TestContext): Promise<void> => {
  const reason = await findReason();
  if (reason === undefined) return;
  process.stdout.write(`not run: "${task.name}": ${reason}\n`);
  skip(reason);
};

/** Why there is no broker; undefined where there is one. Rejects in CI with Java and Maven. */
export const findReason = async (): Promise<string | undefined> => {
  finding ??= findKafkaFiles().catch((error: unknown) => {
    if (process.env['CI']) throw error;
    return `Maven cannot fetch Apache Kafka: ${String(error).slice(0, 300)}`;
  });
  const files = await finding;
  return typeof files === 'string' ? files : undefined;
};

/** A cluster of one broker or of several. */
export const startKafka = async (
  options: { readonly brokers?: number; readonly onEnd?: OnEnd } = {},
): Promise<KafkaServer[]> => {
  const { brokers: count = 1, onEnd = onTestFinished } = options;
  finding ??= findKafkaFiles();
  const files = await finding;
  if (typeof files === 'string') throw new Error(files);
  const clusterId = randomUUID().replaceAll('-', '').slice(0, 22);
  const ports = await findPorts(count * PORTS_OF_ONE);
  const nodes = Array.from({ length: count }, (_, index): Node => {
    const [open = 0, sasl = 0, tls = 0, safe = 0, controller = 0] = ports.slice(
      index * PORTS_OF_ONE,
    );
    return { id: index + 1, clusterId, open, sasl, tls, safe, controller };
  });
  return Promise.all(
    nodes.map((node, _, [first = node]) => startBroker(node, first, files, onEnd)),
  );
};

interface Node {
  readonly id: number;
  readonly clusterId: string;
  readonly open: number;
  readonly sasl: number;
  readonly tls: number;
  readonly safe: number;
  readonly controller: number;
}

const PORTS_OF_ONE = 5;

/** Free ports; held together, so that they differ. */
const findPorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
};

/** Small and quick: a broker of a test lives for seconds. */
const JAVA_OPTIONS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const LOG_OPTIONS = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

const startBroker = async (
  node: Node,
  first: Node,
  files: KafkaFiles,
  onEnd: OnEnd,
): Promise<KafkaServer> => {
  const folder = await temporaryDirectory(onEnd);
  const logs = join(folder, 'logs');
  await mkdir(logs);
  // What `kafka-storage format` writes; without it a second Java would run first.
  const meta = { version: 1, 'cluster.id': node.clusterId, 'node.id': node.id };
  await writeFile(join(logs, 'meta.properties'), toProperties(meta));
  const properties = join(folder, 'server.properties');
  await writeFile(properties, toProperties(settingsOf(node, first, files, logs)));

  let child: ChildProcess | undefined;
  let output = '';
  const launch = async (): Promise<void> => {
    const program = ['-cp', files.classPath, 'kafka.Kafka', properties];
    const started = spawn(files.java, [...JAVA_OPTIONS, ...LOG_OPTIONS, ...program], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    await waitUntil(async () => {
      if (started.exitCode !== null) throw new Error(`the broker ended: ${output}`);
      return isListening(node.open);
    }, 'a broker that listens');
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await withinTime(ended, 'a broker that ends');
  };
  onEnd(kill);
  await launch();
  return {
    open: `127.0.0.1:${node.open}`,
    sasl: `127.0.0.1:${node.sasl}`,
    tls: `127.0.0.1:${node.tls}`,
    safe: `127.0.0.1:${node.safe}`,
    certificate: files.certificate,
    kill,
    restart: launch,
  };
};

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

type Properties = Readonly<Record<string, string | number>>;

const toProperties = (properties: Properties): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const LOGIN = 'org.apache.kafka.common.security';

const settingsOf = (
  { id, open, sasl, tls, safe, controller }: Node,
  first: Node,
  files: KafkaFiles,
  logs: string,
): Properties => {
  const listeners =
    `OPEN://127.0.0.1:${open},SASL://127.0.0.1:${sasl},` +
    `TLS://127.0.0.1:${tls},SAFE://127.0.0.1:${safe}`;
  const isController = id === first.id;
  const scram = `${LOGIN}.scram.ScramLoginModule required;`;
  const { name, password } = PLAIN_USER;
  return {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': id,
    'controller.quorum.voters': `${first.id}@127.0.0.1:${first.controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: isController ? `${listeners},CONTROLLER://127.0.0.1:${controller}` : listeners,
    'advertised.listeners': listeners,
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,OPEN:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,SAFE:SASL_SSL',
    'inter.broker.listener.name': 'OPEN',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl.sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.sasl.scram-sha-512.sasl.jaas.config': scram,
    'listener.name.safe.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.safe.scram-sha-512.sasl.jaas.config': scram,
    'listener.name.safe.plain.sasl.jaas.config': `${LOGIN}.plain.PlainLoginModule required user_${name}="${password}";`,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': files.keyStore,
    'ssl.keystore.password': files.keyStorePassword,
    'log.dirs': logs,
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    // A broker that was killed registers again when its last session has ended.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 300,
    // A partition goes back to its first broker.
    'leader.imbalance.check.interval.seconds': 1,
    'leader.imbalance.per.broker.percentage': 0,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 1,
    'num.io.threads': 2,
    'log.cleaner.enable': 'false',
    'message.max.bytes': 65_536,
  };
};

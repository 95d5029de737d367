import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../../src/postgres/index.ts';
import { haproxySettings, patroniSettings, type NodePlace } from './settings.ts';
import type { Programs } from './find-programs.ts';
import { run, type Running } from './run.ts';

/** One PostgreSQL with its Patroni. */
export interface Node extends NodePlace {
  /** Starts Patroni, which starts PostgreSQL. */
  readonly start: () => void;
  /** Sends a signal to Patroni. */
  readonly signalPatroni: (signal: NodeJS.Signals) => void;
  /** Sends a signal to every process of PostgreSQL, the postmaster first. */
  readonly signalPostgres: (signal: NodeJS.Signals) => Promise<void>;
  /** Removes the data, as a lost disk does. */
  readonly removeData: () => Promise<void>;
  /** Patroni's word on this node; undefined while it does not answer. */
  readonly status: () => Promise<Status | undefined>;
}

interface Status {
  readonly role: string;
  readonly state: string;
  readonly sync_standby?: boolean;
  readonly replication?: readonly { readonly sync_state: string }[];
}

/** Three PostgreSQL under Patroni, three etcd, and HAProxy in front of the primary. */
export interface Cluster {
  readonly nodes: readonly Node[];
  /** The shop's database: through HAProxy, or with all three hosts in the URL. */
  readonly urls: { readonly proxy: string; readonly hosts: string };
  readonly killProxy: () => Promise<void>;
  readonly startProxy: () => void;
  /** The node that Patroni calls the primary. */
  readonly findPrimary: () => Promise<Node | undefined>;
  /** Waits until the primary has a synchronous standby and every node replicates. */
  readonly untilHealthy: (patienceMs: number) => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

const MEMBERS = 3;
const LOOK_AGAIN_MS = 200;
const START_MAX_MS = 120_000;
const STATUS_MAX_MS = 1_000;
const STOP_MAX_MS = 15_000;
/** For a database that only this machine reaches, while the lab runs. */
const PASSWORD = 'lab';

const until = async (isReached: () => Promise<boolean>, patienceMs: number): Promise<boolean> => {
  const deadline = performance.now() + patienceMs;
  while (!(await isReached())) {
    if (performance.now() > deadline) return false;
    await delay(LOOK_AGAIN_MS);
  }
  return true;
};

/** Starts the cluster in a folder, with everything on ports of the loopback interface. */
export const startCluster = async (programs: Programs, folder: string): Promise<Cluster> => {
  const ports = await Promise.all(Array.from({ length: 4 * MEMBERS + 1 }, freePort));
  const port = (kind: number, index: number): number => ports[kind * MEMBERS + index]!;
  const proxyPort = ports[4 * MEMBERS]!;
  const members = Array.from({ length: MEMBERS }, (_, index) => index);
  const etcdClients = members.map((index) => `127.0.0.1:${port(0, index)}`);
  const etcds = await startEtcd(programs, folder, members, port);

  const nodes = await Promise.all(
    members.map((index) =>
      createNode(programs, {
        name: `node${index + 1}`,
        folder: join(folder, `node${index + 1}`),
        postgresPort: port(2, index),
        restPort: port(3, index),
        etcd: etcdClients,
      }),
    ),
  );
  for (const node of nodes) node.start();

  const proxyFile = join(folder, 'haproxy.cfg');
  await writeFile(proxyFile, haproxySettings(proxyPort, nodes));
  let proxy: Running | undefined;
  const startProxy = (): void => {
    proxy = run(programs.haproxy, ['-f', proxyFile, '-db'], { log: join(folder, 'haproxy.log') });
  };
  startProxy();

  const findPrimary = async (): Promise<Node | undefined> => {
    for (const node of nodes) {
      const status = await node.status();
      if (status?.role === 'master' || status?.role === 'primary') return node;
    }
    return undefined;
  };
  const isHealthy = async (): Promise<boolean> => {
    const found = await Promise.all(nodes.map((node) => node.status()));
    const states = found.map((status) => status?.state);
    const streams = found.flatMap((status) => status?.replication ?? []);
    return (
      states.every((state) => state === 'running' || state === 'streaming') &&
      streams.length === MEMBERS - 1 &&
      streams.some(({ sync_state: state }) => state === 'sync')
    );
  };
  const untilHealthy = (patienceMs: number) => until(isHealthy, patienceMs);
  if (!(await untilHealthy(START_MAX_MS))) {
    throw new Error(`the cluster is not healthy; the logs are in ${folder}`);
  }
  const hosts = nodes.map(({ postgresPort }) => `127.0.0.1:${postgresPort}`).join(',');
  await createDatabase(`postgres://postgres:${PASSWORD}@127.0.0.1:${proxyPort}/postgres`);

  return {
    nodes,
    urls: {
      proxy: `postgres://moa:${PASSWORD}@127.0.0.1:${proxyPort}/moa`,
      hosts: `postgres://moa:${PASSWORD}@${hosts}/moa`,
    },
    killProxy: async () => proxy?.end('SIGKILL'),
    startProxy,
    findPrimary,
    untilHealthy,
    stop: async () => {
      await proxy?.end('SIGKILL');
      for (const node of nodes) node.signalPatroni('SIGTERM');
      await until(
        async () => (await Promise.all(nodes.map((node) => node.status()))).every((s) => !s),
        STOP_MAX_MS,
      );
      for (const node of nodes) {
        node.signalPatroni('SIGKILL');
        await node.signalPostgres('SIGKILL');
      }
      await Promise.all(etcds.map((etcd) => etcd.end('SIGKILL')));
    },
  };
};

const startEtcd = async (
  { etcd }: Programs,
  folder: string,
  members: readonly number[],
  port: (kind: number, index: number) => number,
): Promise<Running[]> => {
  const peerOf = (index: number): string => `http://127.0.0.1:${port(1, index)}`;
  const initial = members.map((index) => `etcd${index}=${peerOf(index)}`).join(',');
  return members.map((index) => {
    const client = `http://127.0.0.1:${port(0, index)}`;
    const args = {
      name: `etcd${index}`,
      'data-dir': join(folder, `etcd${index}`),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peerOf(index),
      'initial-advertise-peer-urls': peerOf(index),
      'initial-cluster': initial,
    };
    return run(
      etcd,
      Object.entries(args).map(([name, value]) => `--${name}=${value}`),
      { log: join(folder, `etcd${index}.log`) },
    );
  });
};

const createNode = async (
  programs: Programs,
  place: NodePlace & { readonly etcd: readonly string[] },
): Promise<Node> => {
  const { folder, restPort } = place;
  const data = join(folder, 'data');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'patroni.yml');
  await writeFile(file, patroniSettings(place, programs.postgresFolder, PASSWORD));
  let patroni: Running | undefined;

  const processesOfPostgres = async (): Promise<number[]> => {
    const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
    const postmaster = Number(text.split('\n', 1)[0]);
    // The file of a killed postmaster stays, and its process id may belong to another program.
    const program = await readFile(`/proc/${postmaster}/comm`, 'utf8').catch(() => '');
    if (program.trim() !== 'postgres') return [];
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    return [postmaster, ...children.split(' ').filter(Boolean).map(Number)];
  };

  return {
    ...place,
    start: () => {
      const log = join(folder, 'patroni.log');
      patroni = run(programs.patroni, [file], { log, asUser: true });
    },
    signalPatroni: (signal) => patroni?.signal(signal),
    signalPostgres: async (signal) => {
      for (const pid of await processesOfPostgres()) signalProcess(pid, signal);
    },
    removeData: () => rm(data, { recursive: true, force: true }),
    status: async () => {
      try {
        const answer = await fetch(`http://127.0.0.1:${restPort}/patroni`, {
          signal: AbortSignal.timeout(STATUS_MAX_MS),
        });
        return (await answer.json()) as Status;
      } catch {
        return undefined;
      }
    },
  };
};

const signalProcess = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
};

const createDatabase = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create role moa login password '${PASSWORD}'`);
  await client.query('create database moa owner moa template template0');
  await client.end();
};

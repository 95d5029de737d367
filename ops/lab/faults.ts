import type { Cluster, Node } from './cluster.ts';

/** What a fault can reach. */
interface Lab {
  readonly cluster: Cluster;
  /** The primary when the fault begins. */
  readonly primary: Node;
  readonly crashService: () => Promise<void>;
}

/** One way to break the system. */
export interface Fault {
  readonly name: string;
  /** What happens, for the table. */
  readonly description: string;
  readonly cause: (lab: Lab) => Promise<void>;
  /** Undoes what does not end by itself, after the shop sells again. */
  readonly heal: (lab: Lab) => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

/** The faults of the table in docs/failover.md. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'primary-killed',
    description: "the primary's PostgreSQL is killed (SIGKILL)",
    cause: ({ primary }) => primary.signalPostgres('SIGKILL'),
    heal: nothing,
  },
  {
    name: 'primary-lost',
    description: 'the primary is killed with its Patroni, and its data directory is removed',
    cause: async ({ primary }) => {
      primary.signalPatroni('SIGKILL');
      await primary.signalPostgres('SIGKILL');
      await primary.removeData();
    },
    heal: ({ primary }) => {
      primary.start();
      return Promise.resolve();
    },
  },
  {
    name: 'patroni-frozen',
    description: "the primary's Patroni is frozen (SIGSTOP); its PostgreSQL goes on",
    cause: ({ primary }) => {
      primary.signalPatroni('SIGSTOP');
      return Promise.resolve();
    },
    heal: ({ primary }) => {
      primary.signalPatroni('SIGCONT');
      return Promise.resolve();
    },
  },
  {
    name: 'machine-frozen',
    description: "the primary's PostgreSQL and Patroni are frozen, as a machine that hangs",
    cause: async ({ primary }) => {
      primary.signalPatroni('SIGSTOP');
      await primary.signalPostgres('SIGSTOP');
    },
    heal: async ({ primary }) => {
      await primary.signalPostgres('SIGCONT');
      primary.signalPatroni('SIGCONT');
    },
  },
  {
    name: 'proxy-killed',
    description: 'HAProxy is killed and started again, as its supervisor does',
    cause: async ({ cluster }) => {
      await cluster.killProxy();
      cluster.startProxy();
    },
    heal: nothing,
  },
  {
    name: 'service-killed',
    description: 'one of two service processes is killed and started again',
    cause: ({ crashService }) => crashService(),
    heal: nothing,
  },
];

import type pg from 'pg';
import { descriptions, evolveProduct, productRoutes, products } from './catalog/index.ts';
import { startGroupCommit, type GroupCommit, type GroupCommitOptions } from './commit/index.ts';
import type { Refusal, Route } from './contract/index.ts';
import { openPool, openSession } from './database/session.ts';
import { createUsers, userRoutes, type Users } from './identity/index.ts';
import { createRecorder, type Event } from './journal/index.ts';
import { evolveOrder, orderRoutes } from './order/index.ts';
import { evolveWallet, walletRoutes, wallets } from './wallet/index.ts';

/** Connections for reads; writes have their own, one for each lane. */
const READ_CONNECTIONS = 8;

export interface SystemSettings {
  readonly currency: string;
  readonly balanceMax: number;
  readonly selfCharge: boolean;
}

/** The modules on one database: everything but the doors to it. */
export interface System {
  readonly commit: GroupCommit<Event, Refusal>;
  readonly reads: pg.Pool;
  readonly users: Users;
  readonly routes: readonly Route[];
  /** Answers what waits, then lets go of the database. */
  readonly close: () => Promise<void>;
}

export const startSystem = (
  url: string,
  settings: SystemSettings,
  options: Pick<GroupCommitOptions<Event>, 'limits' | 'onBatch' | 'onFault'> = {},
): System => {
  const reads = openPool(url, READ_CONNECTIONS);
  const commit = startGroupCommit<Event, Refusal>({
    ...options,
    openSession: () => openSession(url),
    model: {
      // The one lock order.
      tables: [wallets, products, descriptions],
      apply: createRecorder({ ...evolveWallet, ...evolveProduct, ...evolveOrder }),
    },
  });
  const users = createUsers(commit);
  return {
    commit,
    reads,
    users,
    routes: [
      ...userRoutes(users, reads),
      ...walletRoutes(commit, reads, settings),
      ...productRoutes(commit, reads, settings),
      ...orderRoutes(commit, reads, settings),
    ],
    close: async () => {
      await commit.close();
      await reads.end();
    },
  };
};

import { LRUCache } from 'lru-cache';
import { lock, serverKey, type GroupCommit } from '../commit/index.ts';
import type { Caller, CommandOutcome, Refusal } from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { decideOpen, wallets } from '../wallet/index.ts';
import { saveProfile } from './queries.gen.ts';

/** Cached ids of customers with a wallet; an evicted id costs one command. */
const KNOWN_MAX = 200_000;

export interface Users {
  /** Registers a user with an empty wallet; changes nothing for a registered user. */
  readonly register: (userId: string) => Promise<CommandOutcome>;
  /**
   * Registers a customer at the first call, with the name of a caller who has one; undefined for a
   * known customer or another role.
   */
  readonly ensureRegistered: (caller: Caller) => Promise<CommandOutcome> | undefined;
}

/** Registers users. A user exists once they have a wallet. */
export const createUsers = (commit: GroupCommit<Event, Refusal>, db: Queryable): Users => {
  const known = new LRUCache<string, true>({ max: KNOWN_MAX });

  const register = async (userId: string): Promise<CommandOutcome> => {
    const outcome = await commit.submit({
      operation: 'registerUser',
      key: serverKey(),
      locks: [lock(wallets, [userId])],
      decide: (rows) => decideOpen({ userId }, rows),
    });
    if (outcome.kind === 'accepted') known.set(userId, true);
    return outcome;
  };

  const registerNamed = async (userId: string, name: string): Promise<CommandOutcome> => {
    const outcome = await register(userId);
    const isNew = outcome.kind === 'accepted' && outcome.changed;
    if (isNew) await saveProfile(db, { userId, name, metadata: null });
    return outcome;
  };

  return {
    register,
    ensureRegistered: ({ role, userId, name }) => {
      if (role !== 'customer' || known.get(userId) === true) return undefined;
      return name === undefined ? register(userId) : registerNamed(userId, name);
    },
  };
};

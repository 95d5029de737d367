import { LRUCache } from 'lru-cache';
import { lock, serverKey, type GroupCommit } from '../commit/index.ts';
import type { Caller, CommandOutcome, Refusal } from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { decideOpen, wallets } from '../wallet/index.ts';
import { saveSignUpName } from './queries.gen.ts';

/** Cached ids of customers with a wallet; an evicted id costs one command. */
const KNOWN_MAX = 200_000;

export interface Users {
  /** Registers a user with an empty wallet; changes nothing for a registered user. */
  readonly register: (userId: string) => Promise<CommandOutcome>;
  /** Whether there is no room for a registration. */
  readonly isFull: () => boolean;
  /**
   * Registers a customer at the first call, with the name of the sign-up if there is one; undefined
   * for a known customer or another role.
   */
  readonly ensureRegistered: (caller: Caller) => Promise<CommandOutcome> | undefined;
}

/** Registers users. A user exists once they have a wallet. */
export const createUsers = (commit: GroupCommit<Event, Refusal>, db: Queryable): Users => {
  const known = new LRUCache<string, true>({ max: KNOWN_MAX });

  const register = (userId: string): Promise<CommandOutcome> =>
    commit.submit({
      operation: 'registerUser',
      key: serverKey(),
      locks: [lock(wallets, [userId])],
      decide: (rows) => decideOpen({ userId }, rows),
    });

  // An earlier call may have registered the customer and then failed to save the name.
  const registerCustomer = async ({ userId, name }: Caller): Promise<CommandOutcome> => {
    const outcome = await register(userId);
    if (outcome.kind !== 'accepted') return outcome;
    if (name !== undefined) await saveSignUpName(db, { userId });
    known.set(userId, true);
    return outcome;
  };

  return {
    register,
    isFull: commit.isFull,
    ensureRegistered: (caller) =>
      caller.role !== 'customer' || known.get(caller.userId) === true
        ? undefined
        : registerCustomer(caller),
  };
};

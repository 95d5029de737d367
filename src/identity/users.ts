import { LRUCache } from 'lru-cache';
import { lock, serverKey, type GroupCommit } from '../commit/index.ts';
import type { Caller, CommandOutcome, Refusal } from '../contract/index.ts';
import type { Event } from '../journal/index.ts';
import { decideOpen, wallets } from '../wallet/index.ts';

/** How many customers a process remembers to have a wallet; one that it forgot costs a command. */
const KNOWN_MAX = 200_000;

export interface Users {
  /** Makes the user exist, with an empty wallet; changes nothing when it did already. */
  readonly register: (userId: string) => Promise<CommandOutcome>;
  /** Registers a customer at its first call; undefined when there is nothing to wait for. */
  readonly ensureRegistered: (caller: Caller) => Promise<CommandOutcome> | undefined;
}

/** A user is whoever has a wallet: the shop registers them, or their first call does. */
export const createUsers = (commit: GroupCommit<Event, Refusal>): Users => {
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

  return {
    register,
    ensureRegistered: ({ role, userId }) => {
      if (role !== 'customer' || known.get(userId) === true) return undefined;
      return register(userId);
    },
  };
};

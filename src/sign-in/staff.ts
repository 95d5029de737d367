import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../database/ids.ts';
import type { Queryable } from '../database/statement.ts';
import {
  findSignInUser,
  insertStaff,
  listKeysMadeBy,
  listStaff as selectStaff,
  raiseToStaff,
  removeStaff as demote,
  revokeKeysOf,
  type ListKeysMadeByRow,
} from './queries.gen.ts';
import { isSampleUser } from './sample-users.ts';

/** Without characters that look alike. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
/** 100 bits. */
const LENGTH = 20;

/** A new random password, which is easy to type. */
const generatePassword = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** What adding a member of staff did. */
export type Added =
  | { readonly kind: 'created' | 'raised'; readonly password: string }
  /** Only the identity provider signs this user in. */
  | { readonly kind: 'raised by provider' };

/** Loading better-auth takes long; a command that hashes no password does not wait for it. */
const hash = async (password: string): Promise<string> => {
  const { hashPassword } = await import('better-auth/crypto');
  return hashPassword(password);
};

/**
 * Lets a person sign in as staff, in one statement. A new person gets the password. A person who
 * has signed up becomes staff with the password, and earlier sessions end: whoever signed up with
 * the address may not own it. A person of the identity provider needs no password.
 */
export const addStaff = async (
  db: Queryable,
  { email, chosen }: { readonly email: string; readonly chosen: string | undefined },
): Promise<Added> => {
  const password = chosen ?? generatePassword();
  const found = await findSignInUser(db, { email });
  const accountId = newId();
  if (found === undefined) {
    const [name = ''] = email.split('@', 1);
    const passwordHash = await hash(password);
    await insertStaff(db, { userId: newId(), accountId, email, name, passwordHash });
    return { kind: 'created', password };
  }
  const byProvider = found.provider && chosen === undefined;
  const passwordHash = byProvider ? null : await hash(password);
  await raiseToStaff(db, { userId: found.id, accountId, passwordHash });
  return byProvider ? { kind: 'raised by provider' } : { kind: 'raised', password };
};

/** What removing a member of staff did and left. */
export interface Removed {
  /** The number of API keys that acted as the user. */
  readonly revoked: number;
  /** The API keys that the user made for others and that stay valid. */
  readonly left: readonly ListKeysMadeByRow[];
}

/**
 * After this time every process rejects an ended session and a revoked key. Until then they can
 * make further keys.
 */
const ENDED_MS = 2_000;

/**
 * Makes a member of staff a customer, ends the sessions and revokes the API keys that act as this
 * user, at once; undefined if there is none.
 */
export const removeStaff = async (db: Queryable, email: string): Promise<Removed | undefined> => {
  const removed = await demote(db, { email });
  if (removed === undefined) return undefined;
  const { userId } = removed;
  await delay(ENDED_MS);
  const late = await revokeKeysOf(db, { userId });
  const revoked = removed.revoked + (late?.revoked ?? 0);
  return { revoked, left: await listKeysMadeBy(db, { userId }) };
};

/** The staff who can sign in, by address; without the sample operator. */
export const listStaff = async (db: Queryable) =>
  (await selectStaff(db)).filter(({ id }) => !isSampleUser(id));

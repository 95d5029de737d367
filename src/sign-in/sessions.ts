import { LRUCache } from 'lru-cache';
import type { Caller } from '../contract/index.ts';
import { startDeletion } from '../database/deletion.ts';
import { createRowLoader } from '../database/loader.ts';
import type { Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import { findCookie, tokenIn, type Transport } from './cookie.ts';
import { deleteExpiredSessions, findSessions, type FindSessionsRow } from './queries.gen.ts';
import { isSampleUser } from './sample-users.ts';

/**
 * How long a session is accepted after the start of the query that last found it: the time in which
 * all processes reject a session that ended.
 */
const ACCEPTED_MS = 1_000;
/** The sessions of a second; an evicted session costs a query. */
const KNOWN_MAX = 10_000;

/** Sessions that one short statement deletes. */
const DELETED_MAX = 1_000;

export interface Sessions {
  /** The caller of a `Cookie` header whose session was found within the last second. */
  readonly known: (cookies: string, transport: Transport) => Caller | undefined;
  /** The caller of a `Cookie` header; undefined without a valid session. */
  readonly verify: (cookies: string, transport: Transport) => Promise<Caller | undefined>;
  /** Rejects the session of a `Cookie` header from now on: this process ended it. */
  readonly evict: (cookies: string, transport: Transport) => void;
  /** Looks every session up again: this process ended some. */
  readonly evictAll: () => void;
}

interface Known {
  readonly token: string;
  readonly caller: Caller;
  readonly expiresAtMs: number;
  /** On the monotonic clock. */
  readonly acceptedUntilMs: number;
}

export interface SessionOptions {
  /** Signs the cookies. */
  readonly secret: string;
  /** Whether the sample users may be signed in. */
  readonly demo: boolean;
}

/**
 * Finds the callers of session cookies. The signature is verified first, so only cookies that Moa
 * has issued cost a query; all requests of one turn share a query.
 */
export const createSessions = (db: Queryable, { secret, demo }: SessionOptions): Sessions => {
  const known = new LRUCache<string, Known>({ max: KNOWN_MAX });
  // By token, because a cookie can be written in several ways.
  const ended = new LRUCache<string, true>({ max: KNOWN_MAX, ttl: ACCEPTED_MS });
  let evictions = 0;
  const load = createRowLoader(
    (tokens) => findSessions(db, { tokens }),
    ({ token }) => token,
  );

  const accept = (row: FindSessionsRow, startMs: number): Known | undefined => {
    const { token, userId, role, name, expiresAt } = row;
    if (role !== 'customer' && role !== 'staff') return undefined;
    if (!demo && isSampleUser(userId)) return undefined;
    const caller: Caller = { role, userId, name };
    const acceptedUntilMs = startMs + ACCEPTED_MS;
    return { token, caller, expiresAtMs: expiresAt.getTime(), acceptedUntilMs };
  };

  const find = (value: string): Caller | undefined => {
    const session = known.get(value);
    const isValid =
      session !== undefined &&
      performance.now() < session.acceptedUntilMs &&
      Date.now() < session.expiresAtMs &&
      !ended.has(session.token);
    return isValid ? session.caller : undefined;
  };

  return {
    known: (cookies, transport) => {
      const value = findCookie(cookies, transport);
      return value === undefined ? undefined : find(value);
    },
    verify: async (cookies, transport) => {
      const value = findCookie(cookies, transport);
      if (value === undefined) return undefined;
      const caller = find(value);
      if (caller !== undefined) return caller;
      const token = tokenIn(value, secret);
      if (token === undefined) return undefined;
      const before = evictions;
      const startMs = performance.now();
      const row = await load(token);
      const session = row === undefined ? undefined : accept(row, startMs);
      // The query may have found a session that ended meanwhile.
      if (session !== undefined && evictions === before) known.set(value, session);
      return session?.caller;
    },
    evict: (cookies, transport) => {
      const token = tokenIn(findCookie(cookies, transport) ?? '', secret);
      if (token !== undefined) ended.set(token, true);
    },
    evictAll: () => {
      evictions += 1;
      known.clear();
    },
  };
};

/** Starts the hourly deletion of expired sessions; every process runs it. */
export const startSessionRetention = (db: Queryable, onFault: (error: unknown) => void): Loop =>
  startDeletion({
    deleteSome: (limit) => deleteExpiredSessions(db, { limit }),
    limit: DELETED_MAX,
    onFault,
  });

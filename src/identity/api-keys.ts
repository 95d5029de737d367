import { LRUCache } from 'lru-cache';
import { ROLES, type Caller } from '../contract/index.ts';
import { createRowLoader } from '../database/loader.ts';
import { startLoop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import { keyHashIn } from './api-key.ts';
import { findApiKeys, findKeptApiKeys, recordUses, type FindApiKeysRow } from './queries.gen.ts';
import type { Tokens } from './tokens.ts';

/**
 * How long a key is accepted after the start of the query that last found it: the time in which all
 * processes reject a revoked key.
 */
const ACCEPTED_MS = 1_000;
/** Four polls within that time: three may be slow or fail before a request has to query. */
const POLL_EVERY_MS = 250;
/** A key that is not used for so long is no longer polled. */
const IDLE_MS = 60_000;
/** The keys in use at a time; an evicted key costs a query. */
const KNOWN_MAX = 10_000;
/** A client may send the same invalid key again and again. */
const UNKNOWN_MAX = 10_000;
const RECORD_EVERY_MS = 60_000;

export interface ApiKeys extends Tokens {
  /** Rejects a revoked key of this hash from now on; other processes follow within a second. */
  readonly reject: (keyHash: string) => void;
  readonly stop: () => Promise<void>;
}

/** A key that was found. */
interface Known {
  readonly apiKeyId: string;
  readonly caller: Caller;
  readonly expiresAtMs: number;
  /** The start of the last query that found the key, on the monotonic clock. */
  foundAtMs: number;
  usedAtMs: number;
  recordedAtMs: number;
}

/** A row as a known key. A caller with an unknown role, of a later version, is no caller. */
const knownOf = (row: FindApiKeysRow, foundAtMs: number): Known | undefined => {
  const role = ROLES.find((each) => each === row.role);
  if (role === undefined) return undefined;
  return {
    apiKeyId: row.apiKeyId,
    caller: { role, userId: row.userId },
    expiresAtMs: row.expiresAt?.getTime() ?? Infinity,
    foundAtMs,
    usedAtMs: 0,
    recordedAtMs: row.lastUsedAt?.getTime() ?? 0,
  };
};

/** The caller of a key, which is then used; undefined for an expired key. */
const use = (key: Known): Caller | undefined => {
  const now = Date.now();
  if (now >= key.expiresAtMs) return undefined;
  key.usedAtMs = now;
  return key.caller;
};

const isOld = ({ foundAtMs }: Known): boolean => performance.now() > foundAtMs + ACCEPTED_MS;

/**
 * Starts accepting API keys. The first call with a key looks up its hash; all calls of one turn
 * share a query. While a key is in use, a poll finds out within a second that another process
 * revoked it, and records the last use once a minute.
 */
export const startApiKeys = (db: Queryable, onFault: (error: unknown) => void): ApiKeys => {
  const known = new LRUCache<string, Known>({
    max: KNOWN_MAX,
    ttl: IDLE_MS,
    updateAgeOnGet: true,
  });
  // An expired key stays expired. A new key is random, so it has none of these hashes.
  const unknown = new LRUCache<string, true>({ max: UNKNOWN_MAX, ttl: IDLE_MS });
  let revocations = 0;

  const load = createRowLoader(
    (keyHashes) => findApiKeys(db, { keyHashes }),
    ({ keyHash }) => keyHash,
  );

  const find = async (keyHash: string): Promise<Caller | undefined> => {
    if (unknown.has(keyHash)) return undefined;
    const before = revocations;
    const foundAtMs = performance.now();
    const row = await load(keyHash);
    const key = row === undefined ? undefined : knownOf(row, foundAtMs);
    const caller = key === undefined ? undefined : use(key);
    if (key === undefined || caller === undefined) unknown.set(keyHash, true);
    // The query may have found a key that was revoked meanwhile.
    else if (revocations === before) known.set(keyHash, key);
    return caller;
  };

  const removeRevoked = async (): Promise<void> => {
    const foundAtMs = performance.now();
    // Keys that are no longer accepted, because the database was lost, need no poll.
    for (const [keyHash, key] of known.entries()) if (isOld(key)) known.delete(keyHash);
    const entries = [...known.entries()];
    if (entries.length === 0) return;
    const apiKeyIds = entries.map(([, { apiKeyId }]) => apiKeyId);
    const kept = new Set((await findKeptApiKeys(db, { apiKeyIds })).map((row) => row.apiKeyId));
    for (const [keyHash, key] of entries) {
      if (kept.has(key.apiKeyId)) key.foundAtMs = foundAtMs;
      else known.delete(keyHash);
    }
  };

  const recordUse = async (): Promise<void> => {
    const used = [...known.values()].filter(
      ({ usedAtMs, recordedAtMs }) => usedAtMs >= recordedAtMs + RECORD_EVERY_MS,
    );
    if (used.length === 0) return;
    const rows = used.map(({ apiKeyId, usedAtMs }) => ({ apiKeyId, usedAt: new Date(usedAtMs) }));
    for (const key of used) key.recordedAtMs = key.usedAtMs;
    await recordUses(db, rows);
  };

  const loop = startLoop({
    runOnce: async () => {
      await removeRevoked();
      await recordUse();
      return false;
    },
    everyMs: POLL_EVERY_MS,
    onFault,
  });

  return {
    known: (authorization) => {
      const keyHash = keyHashIn(authorization);
      const key = keyHash === undefined ? undefined : known.get(keyHash);
      return key === undefined || isOld(key) ? undefined : use(key);
    },
    verify: async (authorization) => {
      const keyHash = keyHashIn(authorization);
      return keyHash === undefined ? undefined : find(keyHash);
    },
    reject: (keyHash) => {
      revocations += 1;
      known.delete(keyHash);
    },
    stop: loop.stop,
  };
};

/** Accepts tokens and API keys. */
export const acceptApiKeys = (tokens: Tokens, apiKeys: Tokens): Tokens => ({
  known: (authorization) => tokens.known(authorization) ?? apiKeys.known(authorization),
  verify: async (authorization) =>
    (await apiKeys.verify(authorization)) ?? tokens.verify(authorization),
});

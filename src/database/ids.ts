import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;
/** Random bytes for many ids at a time, because drawing them is the main cost of an id. */
const pool = Buffer.alloc(ID_BYTES * 512);
let used = pool.length;

let lastMs = 0;
let sequence = 0;

/**
 * A new id (UUIDv7, RFC 9562 §5.7), ordered by time and, within a millisecond, by creation in this
 * process, so that indexes grow at their end.
 */
export const newId = (): string => {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += ID_BYTES));
  const now = Date.now();
  // Each millisecond starts in the lower half of the counter's range, to avoid an overflow.
  sequence = now > lastMs ? random.readUInt32LE() >>> 1 : sequence + 1;
  lastMs = Math.max(now, lastMs);
  return v7({ random, msecs: lastMs, seq: sequence });
};

/** The id that stands for a hash at a time: the same on every call. */
export const idOfHash = (hash: string, time: Date): string =>
  v7({ random: Buffer.from(hash.replaceAll('-', ''), 'hex'), msecs: time.getTime(), seq: 0 });

const NO_BYTES = new Uint8Array(ID_BYTES);

/** The first of all ids of a millisecond; each earlier id is smaller, as text and as `uuid`. */
export const firstIdOf = (time: Date): string =>
  v7({ random: NO_BYTES, msecs: time.getTime(), seq: 0 });

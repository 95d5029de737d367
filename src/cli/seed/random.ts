import { v7 } from 'uuid';

/** Random draws that a seed reproduces. */
export interface Random {
  /** At least 0, less than 1. */
  readonly next: () => number;
  /** A whole number from `min` to `max`, both included. */
  readonly between: (min: number, max: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Value>(values: readonly Value[]) => Value;
}

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, fast, enough for samples. */
export const createRandom = (seed: number): Random => {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (values) => values[between(0, values.length - 1)]!,
  };
};

/**
 * Ids like the service's at that time (UUIDv7), in order of the calls. Times must not run
 * backwards.
 */
export const createIds = (random: Random): ((time: Date) => string) => {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  let lastMs = 0;
  let sequence = 0;
  return (time) => {
    const msecs = time.getTime();
    sequence = msecs === lastMs ? sequence + 1 : random.between(0, 2 ** 31 - 1);
    lastMs = msecs;
    view.setUint16(10, random.between(0, 2 ** 16 - 1));
    view.setUint32(12, random.between(0, 2 ** 32 - 1));
    return v7({ random: bytes, msecs, seq: sequence });
  };
};

/** Draws an index: rank r has the weight 1 / r (Zipf's law), and ranks are shuffled. */
export const createZipf = (count: number, random: Random) => {
  const ranked = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.between(0, last);
    [ranked[last], ranked[other]] = [ranked[other]!, ranked[last]!];
  }
  const upTo = new Float64Array(count);
  let total = 0;
  for (let rank = 0; rank < count; rank++) upTo[rank] = total += 1 / (rank + 1);
  const shares = new Float64Array(count);
  for (let rank = 0; rank < count; rank++) shares[ranked[rank]!] = 1 / (rank + 1) / total;

  const draw = (): number => {
    const wanted = random.next() * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (upTo[middle]! <= wanted) low = middle + 1;
      else high = middle;
    }
    return ranked[low]!;
  };
  return { draw, shareOf: (index: number): number => shares[index]! };
};

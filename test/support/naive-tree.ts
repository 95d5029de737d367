import { createHash } from 'node:crypto';

/** The definitions of RFC 6962, section 2.1, word by word, over all leaves of a tree. */
export const createNaiveTree = (entries: readonly Buffer[]) => {
  const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
    const digest = createHash('sha256');
    for (const part of parts) digest.update(part);
    return digest.digest();
  };
  const known = new Map<string, Buffer>();

  const rootOf = (from: number, to: number): Buffer => {
    const key = `${from}-${to}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = makeRoot(from, to);
    known.set(key, made);
    return made;
  };
  const makeRoot = (from: number, to: number): Buffer => {
    if (from === to) return sha256();
    if (to - from === 1) return sha256(Uint8Array.of(0), entries[from]!);
    const k = splitOf(to - from);
    return sha256(Uint8Array.of(1), rootOf(from, from + k), rootOf(from + k, to));
  };
  const splitOf = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

  /** PATH(m, D[from:to]), where m counts from `from`. */
  const path = (m: number, from: number, to: number): Buffer[] => {
    const n = to - from;
    if (n === 1) return [];
    const k = splitOf(n);
    return m < k
      ? [...path(m, from, from + k), rootOf(from + k, to)]
      : [...path(m - k, from + k, to), rootOf(from, from + k)];
  };

  /** SUBPROOF(m, D[from:to], b). */
  const subproof = (m: number, from: number, to: number, b: boolean): Buffer[] => {
    const n = to - from;
    if (m === n) return b ? [] : [rootOf(from, to)];
    const k = splitOf(n);
    return m <= k
      ? [...subproof(m, from, from + k, b), rootOf(from + k, to)]
      : [...subproof(m - k, from + k, to, false), rootOf(from, from + k)];
  };

  return {
    root: (size: number) => rootOf(0, size),
    inclusion: (leaf: number, size: number) => path(leaf, 0, size),
    consistency: (from: number, to: number) => (from === 0 ? [] : subproof(from, 0, to, true)),
  };
};

import { randomBytes } from 'node:crypto';

/** A seed of weights that nobody can foresee. */
export const randomSeed = (): number => randomBytes(6).readUIntBE(0, 6);

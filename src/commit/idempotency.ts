import { hash } from 'node:crypto';
import type { IdempotencyKey } from './command.ts';
import { newId } from '../database/ids.ts';

const asUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

// 128 bits of SHA-256: a collision by accident is expected after 2^64 keys.
const digest = (text: string): string => asUuid(hash('sha256', text, 'hex'));

/**
 * The key of a client's request. The id is a hash of the caller and the client's key; the
 * fingerprint is a hash of the request (operation, address and input in a canonical form).
 */
export const clientKey = (caller: string, key: string, request: string): IdempotencyKey => ({
  id: digest(`${caller}\n${key}`),
  fingerprint: digest(request),
});

/** A new key, for a command without a client's key. */
export const serverKey = (): IdempotencyKey => {
  const id = newId();
  return { id, fingerprint: id };
};

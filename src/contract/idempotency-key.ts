import { clientKey, type IdempotencyKey } from '../commit/index.ts';
import type { RouteRequest } from './route.ts';

export type KeyedRequest = Pick<
  RouteRequest<unknown, unknown, unknown>,
  'caller' | 'idempotencyKey' | 'params' | 'body'
>;

/**
 * The idempotency key of a request; undefined without the header. The fingerprint covers the
 * operation, the path and the body. Throws without a caller: keys belong to callers.
 */
export const idempotencyKeyOf = (
  operation: string,
  { caller, idempotencyKey, params, body }: KeyedRequest,
): IdempotencyKey | undefined => {
  if (idempotencyKey === undefined) return undefined;
  if (caller === undefined) throw new Error(`${operation} has a key without a caller`);
  const request = canonical([operation, params, body]);
  return clientKey(`${caller.role} ${caller.userId}`, idempotencyKey, request);
};

/**
 * A value as canonical text: object members are sorted and strings follow their length, so equal
 * values have equal text and different values have different text.
 */
const canonical = (value: unknown): string => {
  if (typeof value === 'string') return `${value.length}:${value}`;
  if (typeof value !== 'object' || value === null) return `${String(value)};`;
  if (Array.isArray(value)) return `[${value.map(canonical).join('')}]`;
  let members = '';
  for (const name of Object.keys(value).sort()) {
    members += canonical(name) + canonical((value as Readonly<Record<string, unknown>>)[name]);
  }
  return `{${members}}`;
};

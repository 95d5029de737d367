import type { Queryable } from '../database/statement.ts';
import type { JournalReader } from '../journal/index.ts';
import { UNCHANGED } from './destination.ts';
import { findDestination, insertDestination, updateDestination } from './queries.gen.ts';

/** A destination that the environment names; there is one of each kind. */
export interface Shortcut {
  readonly kind: 'webhook' | 'nats';
  readonly url: string;
  readonly secret: string | null;
}

/** The same in every process and at every start (UUIDv8, RFC 9562 §5.8). */
const IDS = {
  webhook: '00000000-0000-8000-8000-000000000001',
  nats: '00000000-0000-8000-8000-000000000002',
} as const;

/**
 * Sets a destination up from the journal's end on, or changes its address and secret to what the
 * environment says now. Whether it is paused stays as it is.
 */
export const setUp = async (
  on: Queryable,
  reader: JournalReader,
  { kind, url, secret }: Shortcut,
): Promise<void> => {
  const destinationId = IDS[kind];
  const found = await findDestination(on, { destinationId });
  if (found === undefined) {
    const name = `the ${kind} of the environment`;
    const position = await reader.findEnd();
    const status = 'active';
    await insertDestination(on, {
      destinationId,
      name,
      kind,
      url,
      types: null,
      secret,
      status,
      position,
    });
  } else if (found.url !== url || found.secret !== secret) {
    await updateDestination(on, { ...UNCHANGED, destinationId, url, secret });
  }
};

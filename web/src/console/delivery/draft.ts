import { EVENT_TYPES, type EventType } from './messages.ts';
import type { Destination, NewDestination } from './queries.ts';

/** What the form of a destination holds. */
export interface Draft {
  readonly name: string;
  readonly kind: Destination['kind'];
  readonly url: string;
  /** The chosen types; null for all. */
  readonly types: readonly EventType[] | null;
  readonly secret: string;
  /** Certificates in PEM, only for Kafka; empty for the public authorities. */
  readonly ca: string;
  readonly isPaused: boolean;
}

const isKnown = (type: string): type is EventType => EVENT_TYPES.some((known) => known === type);

/** The form of a destination, or an empty one. */
export const draftOf = (destination?: Destination): Draft => ({
  name: destination?.name ?? '',
  kind: destination?.kind ?? 'webhook',
  url: destination?.url ?? '',
  types: destination?.types?.filter(isKnown) ?? null,
  secret: '',
  ca: destination?.ca ?? '',
  isPaused: destination?.status === 'paused',
});

/** What creates a destination. */
export const creationOf = ({
  name,
  kind,
  url,
  types,
  secret,
  ca,
  isPaused,
}: Draft): NewDestination => ({
  name: name.trim(),
  kind,
  url: url.trim(),
  types: types === null ? null : [...types],
  ...(secret.trim() === '' ? {} : { secret: secret.trim() }),
  ...(kind === 'kafka' && ca.trim() !== '' ? { ca: ca.trim() } : {}),
  status: isPaused ? 'paused' : 'active',
});

const sameTypes = (before: readonly string[] | null, after: readonly string[] | null): boolean =>
  before === null || after === null
    ? before === after
    : before.length === after.length && before.every((type) => after.includes(type));

/** What changes a destination: the fields that differ; undefined where none does. */
export const changeOf = (
  destination: Destination,
  draft: Draft,
): Partial<Omit<NewDestination, 'kind'>> | undefined => {
  const { name, url, types, secret, ca = null } = creationOf(draft);
  const change = {
    ...(name === destination.name ? {} : { name }),
    ...(url === destination.url ? {} : { url }),
    ...(sameTypes(destination.types, draft.types) ? {} : { types: types ?? null }),
    ...(secret === undefined ? {} : { secret }),
    ...(ca === (destination.ca?.trim() ?? null) ? {} : { ca }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
};

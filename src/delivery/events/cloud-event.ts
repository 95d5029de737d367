import type { Queryable } from '../../database/statement.ts';
import type { OutgoingEvent } from '../channel.ts';
import { findInstallation, type ReadReplayRow } from '../queries.gen.ts';
import { SEQUENCE_WIDTH, schemaPath, sentType } from './types.ts';

/** What the environment says about the sender of events. */
export interface EventSettings {
  /** Names the installation, a URI-reference; by default the id in the database. */
  readonly eventSource?: string | undefined;
  /** Where clients reach the service, without a slash at the end. */
  readonly publicUrl: string;
}

/** The values that are the same in all events of an installation. */
export interface EventOrigin {
  readonly source: string;
  readonly publicUrl: string;
}

/** A position as text whose order is that of the numbers (CloudEvents extension "Sequence"). */
export const toSequence = (position: number): string =>
  String(position).padStart(SEQUENCE_WIDTH, '0');

/** Reads the origin of events; the id of the installation never changes. */
export const readOrigin = async (
  db: Queryable,
  { eventSource, publicUrl }: EventSettings,
): Promise<EventOrigin> => {
  if (eventSource !== undefined) return { source: eventSource, publicUrl };
  const found = await findInstallation(db);
  if (found === undefined) throw new Error('the database has no row in delivery.installation');
  return { source: `urn:uuid:${found.installationId}`, publicUrl };
};

/** A row of the journal, and the request that has caused the event. */
type EventRow = Omit<ReadReplayRow, 'traceparent'> & Partial<Pick<ReadReplayRow, 'traceparent'>>;

/** Turns a row of the journal into a CloudEvent. */
export type ToCloudEvent = (row: EventRow) => OutgoingEvent;

/**
 * Turns rows of the journal into CloudEvents (CloudEvents 1.0.2, JSON format) with the extensions
 * "Sequence", "Partitioning" and, for a traced request, "Distributed Tracing". The stored text of the data is used without parsing.
 */
export const createToCloudEvent = ({ source, publicUrl }: EventOrigin): ToCloudEvent => {
  const sourceJson = JSON.stringify(source);
  return ({ position, eventId: id, subject, time, data, ...row }) => {
    const type = sentType(row.type);
    const sequence = toSequence(position);
    const traceparent = row.traceparent ?? undefined;
    const trace = traceparent === undefined ? '' : `"traceparent":"${traceparent}",`;
    const dataschema = publicUrl + schemaPath(type);
    const json =
      `{"specversion":"1.0","id":"${id}","source":${sourceJson},"type":"${type}",` +
      `"subject":"${subject}","time":"${time.toISOString()}",` +
      `"sequence":"${sequence}","partitionkey":"${subject}",${trace}` +
      `"datacontenttype":"application/json","dataschema":${JSON.stringify(dataschema)},` +
      `"data":${data}}`;
    const attributes = { id, type, subject, sequence, time, source, dataschema, traceparent };
    return { position, ...attributes, data, json };
  };
};

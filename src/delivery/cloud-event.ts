import type { OutgoingEvent } from './channel.ts';
import { TYPE_PREFIX } from './events.ts';
import type { ReadReplayRow } from './queries.gen.ts';

/**
 * An event of the journal as a CloudEvent (CloudEvents 1.0.2, JSON format). The stored text of the
 * data is used without parsing.
 */
export const toCloudEvent = (row: ReadReplayRow): OutgoingEvent => {
  const { position, eventId: id, subject, time, data } = row;
  const type = TYPE_PREFIX + row.type;
  const json =
    `{"specversion":"1.0","id":"${id}","source":"/moa","type":"${type}",` +
    `"subject":"${subject}","time":"${time.toISOString()}",` +
    `"datacontenttype":"application/json","data":${data}}`;
  return { position, id, type, time, json };
};

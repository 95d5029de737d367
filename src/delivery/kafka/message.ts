import type { OutgoingEvent } from '../channel.ts';

/** A Kafka record without its topic and partition. */
interface KafkaMessage {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Map<Buffer, Buffer>;
}

/** Every event has these names, so they are encoded once. */
const NAMES = {
  'content-type': Buffer.from('content-type'),
  specversion: Buffer.from('ce_specversion'),
  id: Buffer.from('ce_id'),
  source: Buffer.from('ce_source'),
  type: Buffer.from('ce_type'),
  subject: Buffer.from('ce_subject'),
  time: Buffer.from('ce_time'),
  sequence: Buffer.from('ce_sequence'),
  partitionkey: Buffer.from('ce_partitionkey'),
  dataschema: Buffer.from('ce_dataschema'),
  traceparent: Buffer.from('ce_traceparent'),
};
const CONTENT_TYPE = Buffer.from('application/json');
const SPEC_VERSION = Buffer.from('1.0');

/**
 * An event as a Kafka record in the binary content mode (CloudEvents 1.0.2, Kafka Protocol Binding,
 * section 3.2): the value is the data, the headers `ce_…` are the attributes. The key is the
 * extension `partitionkey` (section 3.1). The record has the time at which it is sent, so that a
 * topic's retention counts from there; the event's own time is `ce_time`.
 */
export const toKafkaMessage = (event: OutgoingEvent): KafkaMessage => {
  const { id, source, type, subject, time, sequence, dataschema, traceparent, data } = event;
  const key = Buffer.from(subject);
  const headers = new Map([
    [NAMES['content-type'], CONTENT_TYPE],
    [NAMES.specversion, SPEC_VERSION],
    [NAMES.id, Buffer.from(id)],
    [NAMES.source, Buffer.from(source)],
    [NAMES.type, Buffer.from(type)],
    [NAMES.subject, key],
    [NAMES.time, Buffer.from(time.toISOString())],
    [NAMES.sequence, Buffer.from(sequence)],
    [NAMES.partitionkey, key],
    [NAMES.dataschema, Buffer.from(dataschema)],
  ]);
  if (traceparent !== undefined) headers.set(NAMES.traceparent, Buffer.from(traceparent));
  return { key, value: Buffer.from(data), headers };
};

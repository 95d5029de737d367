import type { BatchAnswer } from './cluster.ts';
import { describeFault, errorName, explain } from './fault.ts';

/** What an answer means for its batch. */
export interface Verdict {
  readonly kind:
    | 'stored'
    /** Nothing of the batch is stored, and nothing would be later. */
    | 'refused'
    /** Another broker leads the partition now. */
    | 'moved'
    /** The broker has lost the state of the producer, or a part of what the producer wrote. */
    | 'unknown-producer'
    /** It is unknown whether the batch is stored, or it may be stored later. */
    | 'failed';
  readonly detail: string;
}

const KINDS: Readonly<Record<string, Verdict['kind']>> = {
  NONE: 'stored',
  DUPLICATE_SEQUENCE_NUMBER: 'stored',
  MESSAGE_TOO_LARGE: 'refused',
  RECORD_LIST_TOO_LARGE: 'refused',
  INVALID_TIMESTAMP: 'refused',
  INVALID_RECORD: 'refused',
  UNKNOWN_TOPIC_OR_PARTITION: 'moved',
  LEADER_NOT_AVAILABLE: 'moved',
  NOT_LEADER_OR_FOLLOWER: 'moved',
  FENCED_LEADER_EPOCH: 'moved',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'unknown-producer',
  UNKNOWN_PRODUCER_ID: 'unknown-producer',
  INVALID_PRODUCER_EPOCH: 'unknown-producer',
  INVALID_PRODUCER_ID_MAPPING: 'unknown-producer',
};

/** Reads an answer (Apache Kafka protocol, "Error Codes"); `hidden` is left out of the detail. */
export const judge = (answer: BatchAnswer, hidden: readonly string[]): Verdict => {
  if (answer.kind === 'unanswered') {
    return { kind: 'failed', detail: describeFault(answer.fault, hidden) };
  }
  const { code, batch } = answer;
  const detail = `${explain(code)} Topic ${batch.topic}.`;
  return { kind: KINDS[errorName(code)] ?? 'failed', detail };
};

import { StorageType, jetstreamManager } from '@nats-io/jetstream';
import {
  InvalidArgumentError,
  createInbox,
  headers,
  nanos,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { OutgoingEvent } from '../channel.ts';

const CONTENT_TYPE = 'application/cloudevents+json';

const STREAM = 'MOA';
const SUBJECTS = 'moa.>';
/** The duplicate window of the stream `MOA`: longer than any pause between two attempts. */
const DUPLICATE_WINDOW_MS = 10 * 60_000;

/** The server's error codes (nats-server, `server/errors.json`). */
const MESSAGE_TOO_LARGE = 10_054;
const WRONG_LAST_MESSAGE_ID = 10_070;

const NO_RESPONDERS = 503;

/** The result of publishing one event. */
type Answer =
  /** The stream has stored the event, now or in an earlier attempt. */
  | { readonly kind: 'stored'; readonly stream: string }
  /**
   * The stream's last message is not the previous event: its storage failed, or another publisher's
   * message is in between.
   */
  | { readonly kind: 'out of order' }
  /** Larger than the server or the stream allows. */
  | { readonly kind: 'too large' }
  | { readonly kind: 'failed'; readonly detail: string };

/** JetStream's answer to a publish (NATS documentation, "JetStream wire API", `PubAck`). */
interface Acknowledgement {
  readonly stream?: unknown;
  readonly error?: { readonly err_code?: number; readonly description?: string } | null;
}

/** Publishes to JetStream on one connection. */
export interface Publisher {
  /**
   * Publishes all events at once and waits for all answers. Each event but the first names the
   * previous event of its stream, and the stream stores the event only directly after that one.
   * Rejects when the connection ends or the server reports an error; has no timeout.
   */
  readonly publish: (events: readonly OutgoingEvent[]) => Promise<readonly Answer[]>;
}

interface Round {
  readonly events: readonly OutgoingEvent[];
  readonly answers: Answer[];
  waitsFor: number;
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * All answers arrive through one subscription. The library's own `publish` creates a timer and an
 * error with a stack trace for each message, which costs more than the rest of a publish.
 */
export const createPublisher = (connection: NatsConnection): Publisher => {
  const inbox = createInbox();
  const rounds = new Map<string, Round>();
  const streamOfType = new Map<string, string>();
  let roundCount = 0;

  const settle = (round: Round, index: number, answer: Answer): void => {
    round.answers[index] = answer;
    round.waitsFor--;
    if (round.waitsFor === 0) round.resolve(round.answers);
  };

  const receive = (error: Error | null, message: Msg): void => {
    if (error !== null) {
      rejectAll(error);
      return;
    }
    const [key = '', index] = message.subject.slice(inbox.length + 1).split('.');
    const round = rounds.get(key);
    const type = round?.events[Number(index)]?.type;
    if (round === undefined || type === undefined) return;
    // The first answer counts: JetStream answers once, but another responder may answer too, and
    // what it means for the event is unknown.
    if (round.answers[Number(index)] !== undefined) return;
    settle(round, Number(index), readAnswer(message, type));
  };

  const rejectAll = (error: Error): void => {
    for (const { reject } of rounds.values()) reject(error);
  };

  connection.subscribe(`${inbox}.*.*`, { callback: receive });
  void watch(connection, rejectAll);

  return {
    publish: async (events) => {
      const key = String(roundCount++);
      const { promise, resolve, reject } = Promise.withResolvers<readonly Answer[]>();
      const round = { events, answers: [], waitsFor: events.length, resolve, reject };
      rounds.set(key, round);
      const predecessors = findPredecessors(events, streamOfType);
      try {
        for (const [index, event] of events.entries()) {
          const reply = `${inbox}.${key}.${index}`;
          try {
            const fields = toHeaders(event, predecessors[index]);
            connection.publish(event.type, event.json, { reply, headers: fields });
          } catch (error) {
            // The client knows the server's `max_payload`.
            if (!(error instanceof InvalidArgumentError)) throw error;
            settle(round, index, { kind: 'too large' });
          }
        }
        const answers = await promise;
        for (const [index, { type }] of events.entries()) {
          const answer = answers[index];
          if (answer?.kind === 'stored') streamOfType.set(type, answer.stream);
        }
        return answers;
      } finally {
        rounds.delete(key);
      }
    },
  };
};

/** Reports errors of the server and the end of the connection. */
const watch = async (connection: NatsConnection, report: (error: Error) => void): Promise<void> => {
  for await (const status of connection.status()) {
    if (status.type === 'error') report(status.error);
  }
  report((await connection.closed()) ?? new Error('the connection was lost'));
};

/**
 * The headers of an event. Those of CloudEvents let a consumer order and partition messages without
 * parsing them (NATS binding 1.0, "Metadata Headers").
 */
const toHeaders = (event: OutgoingEvent, predecessor: string | undefined): MsgHdrs => {
  const fields = headers();
  fields.set('Content-Type', CONTENT_TYPE);
  fields.set('Nats-Msg-Id', event.id);
  fields.set('ce-sequence', event.sequence);
  fields.set('ce-partitionkey', event.subject);
  if (predecessor !== undefined) fields.set('Nats-Expected-Last-Msg-Id', predecessor);
  return fields;
};

const readAnswer = (message: Msg, type: string): Answer => {
  if (message.headers?.code === NO_RESPONDERS) {
    return { kind: 'failed', detail: `no stream has the subject ${type}` };
  }
  const { stream, error } = parse(message) ?? {};
  if (error) {
    if (error.err_code === WRONG_LAST_MESSAGE_ID) return { kind: 'out of order' };
    if (error.err_code === MESSAGE_TOO_LARGE) return { kind: 'too large' };
    return { kind: 'failed', detail: error.description ?? 'not stored' };
  }
  if (typeof stream === 'string') return { kind: 'stored', stream };
  return { kind: 'failed', detail: `an answer to ${type} is not from JetStream` };
};

/** A throw in the callback of the subscription would end the reading of the connection. */
const parse = (message: Msg): Acknowledgement | null => {
  try {
    return message.json<Acknowledgement | null>();
  } catch {
    return null;
  }
};

/**
 * The id of the event before each one in its stream, or in the batch while the stream is unknown.
 * The first event has none.
 */
const findPredecessors = (
  events: readonly OutgoingEvent[],
  streamOfType: ReadonlyMap<string, string>,
): (string | undefined)[] => {
  const lastOfStream = new Map<string, string>();
  let lastUnknown: string | undefined;
  let last: string | undefined;
  return events.map(({ id, type }) => {
    const stream = streamOfType.get(type);
    const before = stream === undefined ? last : (lastOfStream.get(stream) ?? lastUnknown);
    if (stream === undefined) {
      lastOfStream.clear();
      lastUnknown = id;
    } else {
      lastOfStream.set(stream, id);
    }
    last = id;
    return before;
  });
};

/** Creates the stream `MOA` if no stream has Moa's subjects; never changes an existing stream. */
export const createMissingStream = async (
  connection: NatsConnection,
  timeoutMs: number,
): Promise<void> => {
  const { streams } = await jetstreamManager(connection, { checkAPI: false, timeout: timeoutMs });
  const names = await streams.names(SUBJECTS).next();
  if (names.length > 0) return;
  await streams.add({
    name: STREAM,
    subjects: [SUBJECTS],
    storage: StorageType.File,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  });
};

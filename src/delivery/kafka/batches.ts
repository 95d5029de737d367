import type { OutgoingEvent } from '../channel.ts';

/** The place of an event: a partition of a topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Events of one partition that are written together; a repetition has the same sequence number. */
export interface Batch extends Place {
  readonly events: readonly OutgoingEvent[];
  /** The number of the first event among those that the producer wrote to the partition. */
  readonly sequence: number;
}

/** The batches of one producer. */
export interface Batches {
  /** The events that are not stored yet. */
  readonly unstored: (events: readonly OutgoingEvent[]) => OutgoingEvent[];
  /**
   * The next batch of each partition that the events need. A batch that was sent before and is in
   * doubt comes again as it was, before any other batch of its partition.
   */
  readonly next: (
    events: readonly OutgoingEvent[],
    placeOf: (event: OutgoingEvent) => Place,
  ) => Batch[];
  /** The broker has stored a batch. */
  readonly store: (batch: Batch) => void;
  /** The broker has refused a batch: nothing of it is stored. */
  readonly drop: (batch: Batch) => void;
  /** The caller knows that these events are stored and does not send them again. */
  readonly release: (events: readonly OutgoingEvent[]) => void;
  /** A new producer begins: sequence numbers start again, and no batch is in doubt any more. */
  readonly restart: () => void;
}

/** Sequence numbers begin again after 2³¹ − 1 (Apache Kafka, `DefaultRecordBatch`). */
const SEQUENCES = 2 ** 31;

/**
 * Keeps what was sent until the broker has confirmed it, so that a repetition is the same batch
 * with the same sequence number, of which the broker stores one (KIP-98, "Idempotent Producer
 * Guarantees"). One batch of a partition is in doubt at a time. The memory is that of the slices
 * that a relay repeats, because a relay repeats a slice until it is delivered.
 */
export const createBatches = (): Batches => {
  const inDoubt = new Map<string, Batch>();
  const sequences = new Map<string, number>();
  const stored = new Set<string>();

  return {
    unstored: (events) => events.filter(({ id }) => !stored.has(id)),

    next: (events, placeOf) => {
      const wanted = new Set(events.map(({ id }) => id));
      const again = [...inDoubt.values()].filter(({ events: sent }) =>
        sent.some(({ id }) => wanted.has(id)),
      );
      for (const { events: sent } of again) for (const { id } of sent) wanted.delete(id);
      const placed = new Map<string, Place & { readonly events: OutgoingEvent[] }>();
      for (const event of events.filter(({ id }) => wanted.has(id))) {
        const place = placeOf(event);
        const group = placed.get(keyOf(place));
        if (group === undefined) placed.set(keyOf(place), { ...place, events: [event] });
        else group.events.push(event);
      }
      const batches = new Map(again.map((batch) => [keyOf(batch), batch]));
      for (const [key, group] of placed) {
        const batch = inDoubt.get(key) ?? { ...group, sequence: sequences.get(key) ?? 0 };
        inDoubt.set(key, batch);
        batches.set(key, batch);
      }
      return [...batches.values()];
    },

    store: (batch) => {
      const key = keyOf(batch);
      inDoubt.delete(key);
      sequences.set(key, (batch.sequence + batch.events.length) % SEQUENCES);
      for (const { id } of batch.events) stored.add(id);
    },

    drop: (batch) => void inDoubt.delete(keyOf(batch)),

    release: (events) => {
      for (const { id } of events) stored.delete(id);
    },

    restart: () => {
      inDoubt.clear();
      sequences.clear();
    },
  };
};

const keyOf = ({ topic, partition }: Place): string => `${topic}:${partition}`;

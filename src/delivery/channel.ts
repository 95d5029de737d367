/** An event as it is sent: CloudEvents 1.0 in its JSON form, ready to be joined to others. */
export interface OutgoingEvent {
  /** Its place in the journal. */
  readonly position: number;
  /** The event's id: the same however often it is sent. */
  readonly id: string;
  /** With `TYPE_PREFIX`: `moa.order.paid.v1`. */
  readonly type: string;
  /** When it happened. */
  readonly time: Date;
  /** The whole event (CloudEvents JSON format 1.0, section 3). */
  readonly json: string;
}

/** How an attempt to send ended. */
export type SendResult =
  | { readonly kind: 'delivered' }
  /** The same events may be delivered later, not before `notBefore`. */
  | { readonly kind: 'failed'; readonly detail: string; readonly notBefore?: Date }
  /** The destination will never take these events as they are. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The destination wants no events any more. */
  | { readonly kind: 'gone'; readonly detail: string };

/** The way to one destination. */
export interface Channel {
  /**
   * Sends all of the events, in their order. Never rejects: a failure is a result. Fails when
   * `signal` aborts.
   */
  readonly send: (events: readonly OutgoingEvent[], signal: AbortSignal) => Promise<SendResult>;
  readonly close: () => Promise<void>;
}

/** An event as it is sent: CloudEvents 1.0 in its JSON form, ready to be joined to others. */
export interface Outgoing {
  /** Its place in the journal. */
  readonly position: number;
  /** The event's id: the same however often it is sent. */
  readonly id: string;
  /** With the prefix of all of ours: `moa.order.paid.v1`. */
  readonly type: string;
  /** When it happened. */
  readonly time: Date;
  /** The whole event (CloudEvents JSON format 1.0, section 3). */
  readonly json: string;
}

/** How an attempt to send ended. */
export type Sent =
  | { readonly kind: 'delivered' }
  /** Not now; the same may succeed later, and not before `notBefore`. */
  | { readonly kind: 'failed'; readonly detail: string; readonly notBefore?: Date }
  /** These events, as they are, will never be taken. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The destination wants no events any more. */
  | { readonly kind: 'gone'; readonly detail: string };

/** The way to one destination. */
export interface Channel {
  /**
   * Sends events in their order, all of them. Rejects never: what goes wrong is an outcome. Gives
   * up when `signal` aborts.
   */
  readonly send: (events: readonly Outgoing[], signal: AbortSignal) => Promise<Sent>;
  readonly close: () => Promise<void>;
}

/** A sent event: CloudEvents 1.0 as JSON text, ready to be joined into a batch. */
export interface OutgoingEvent {
  /** The event's position in the journal. */
  readonly position: number;
  /** The event's id: the same in every attempt. */
  readonly id: string;
  /** As it is sent: `moa.order.paid.v1`. */
  readonly type: string;
  /** The id of the order, the wallet's user or the product. */
  readonly subject: string;
  /** The position as text, in the order of the numbers. */
  readonly sequence: string;
  /** The time of the event. */
  readonly time: Date;
  /** Names the installation (a URI-reference). */
  readonly source: string;
  /** The address of the type's JSON Schema. */
  readonly dataschema: string;
  /** The request that has caused the event (W3C Trace Context), if it is traced and of late. */
  readonly traceparent?: string | undefined;
  /** The data alone, as JSON text. */
  readonly data: string;
  /** The whole event (CloudEvents JSON format 1.0, section 3). */
  readonly json: string;
}

/** The HTTP answer of a receiver. */
export interface ReceiverAnswer {
  readonly status: number;
  /** The first KiB of the body as text; less when the body was slow. */
  readonly body: string;
}

/** How an attempt to send ended, and the answer if there was one over HTTP. */
export type SendResult = SendOutcome & { readonly answer?: ReceiverAnswer };

type SendOutcome =
  | { readonly kind: 'delivered' }
  /** The same events may be delivered later, not before `notBefore`. */
  | { readonly kind: 'failed'; readonly detail: string; readonly notBefore?: Date }
  /** The destination permanently refuses these events. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The destination wants no more events. */
  | { readonly kind: 'gone'; readonly detail: string };

/** The connection to one destination. */
export interface Channel {
  /**
   * Sends all events in order. Never rejects: a failure is a result. Fails when `signal` aborts.
   */
  readonly send: (events: readonly OutgoingEvent[], signal: AbortSignal) => Promise<SendResult>;
  readonly close: () => Promise<void>;
}

import type { Queryable } from '../database/statement.ts';
import {
  findLoggedPayment,
  findPayment,
  type FindLoggedPaymentRow,
  type FindPaymentRow,
} from './queries.gen.ts';

/** The payment of an order: the subject of its event. */
export interface Payment {
  readonly paidAt: Date;
  readonly subject: string;
}

/** The event of a payment, as the log records it, with its leaf. */
export type LoggedPayment = FindLoggedPaymentRow;

/**
 * An event has the time of the database, and its id that of the process a little later. Clocks that
 * differ by more, or a process that paused, only make the search slower.
 */
const ID_BEFORE_MS = 20;
const ID_AFTER_MS = 100;

/** The first id (UUIDv7, RFC 9562 §5.7) of a millisecond. */
const firstIdAt = (ms: number): string => {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};

/** Whether the log has the payment's event. */
export const isLogged = (found: LoggedPayment | FindPaymentRow): found is LoggedPayment =>
  found.leafIndex !== null;

/**
 * The event of a payment and, once it is logged, its leaf: by the time in the event's id, or else
 * by the event's time. Throws when the journal has no such event.
 */
export const findPaymentOf = async (
  db: Queryable,
  payment: Payment,
): Promise<LoggedPayment | FindPaymentRow> => {
  const ms = payment.paidAt.getTime();
  const from = firstIdAt(ms - ID_BEFORE_MS);
  const to = firstIdAt(ms + ID_AFTER_MS);
  const logged = await findLoggedPayment(db, { ...payment, from, to });
  if (logged !== undefined) return logged;
  const found = await findPayment(db, payment);
  if (found === undefined) throw new Error(`order ${payment.subject} has no event of payment`);
  return found;
};

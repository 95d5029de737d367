import type { Queryable } from '../database/statement.ts';
import { findPayment, type FindPaymentRow } from './queries.gen.ts';

/** The payment of an order: the subject of its event. */
export interface Payment {
  readonly paidAt: Date;
  readonly subject: string;
}

/** The event of a payment, as the log records it, with its leaf. */
export type LoggedPayment = FindPaymentRow & { readonly leafIndex: number };

/** Whether the log has the payment's event. */
export const isLogged = (found: FindPaymentRow): found is LoggedPayment => found.leafIndex !== null;

/**
 * The event of a payment, with its leaf once it is logged. Throws when the journal has no such
 * event.
 */
export const findPaymentOf = async (db: Queryable, payment: Payment): Promise<FindPaymentRow> => {
  const found = await findPayment(db, payment);
  if (found === undefined) throw new Error(`order ${payment.subject} has no event of payment`);
  return found;
};

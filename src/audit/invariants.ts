/** The invariants of docs/invariants.md, by number. */
export const INVARIANTS = {
  W1: 'the entries of a transfer sum to zero',
  W2: 'a balance is the sum of its entries and not negative',
  W3: 'money in = wallets + sales - refunds + withdrawals',
  S1: '0 <= reserved <= on hand',
  S2: 'on hand = initial + adjustments - sold + restocked',
  S3: 'reserved = pending order lines',
  O1: 'a paid order has one payment of its total',
  O2: 'an order moves only along its states',
  O3: 'one idempotency key, one effect',
  J1: 'folding the journal reproduces the tables',
  J2: 'no subscriber has skipped a committed event',
  L1: 'the transparency log has each event of the journal, unchanged',
  B1: 'best sellers equal a count over the orders',
  R1: 'the sales report equals a count over the events',
} as const;

export type InvariantNumber = keyof typeof INVARIANTS;

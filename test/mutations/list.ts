/** A text of a file that is replaced; it occurs once. */
interface Change {
  readonly file: string;
  readonly search: string;
  readonly replacement: string;
}

/** A fault that is put in on purpose, and the test that must fail then. */
export interface Mutation {
  readonly fault: string;
  readonly changes: readonly Change[];
  readonly test: {
    readonly file: string;
    readonly name: string;
    /** A part of the message with which it fails, so that no other failure counts. */
    readonly message: string;
  };
}

const RACES = 'test/concurrency/order-races.db.test.ts';

/** The faults that the tests are known to notice: `npm run mutations` puts in one after the other. */
export const MUTATIONS: readonly Mutation[] = [
  {
    fault: 'missing lock: products are read without a lock',
    changes: [
      {
        file: 'src/catalog/queries.gen.ts',
        search: `from catalog.products
where product_id = any($1::uuid[])
order by product_id
for no key update`,
        replacement: `from catalog.products
where product_id = any($1::uuid[])
order by product_id`,
      },
    ],
    test: {
      file: 'test/concurrency/race.db.test.ts',
      name: 'of 1,000 checkouts 100 get the last 100 units, on one process and on two',
      message: "expected { '201':",
    },
  },
  {
    fault: 'wrong lock order: tables are locked in the order in which commands name them',
    changes: [
      {
        file: 'src/commit/batch.ts',
        search: 'for (const table of tables) {',
        replacement: 'for (const table of locks.keys()) {',
      },
    ],
    test: {
      file: 'src/commit/lock-order.db.test.ts',
      name: 'tables are locked in the order of the schema, whatever a command names first',
      message: 'could not obtain lock on row',
    },
  },
  {
    fault: 'refund twice: a refund does not count the refunded units',
    changes: [
      {
        file: 'src/order/order.ts',
        search: 'line.refundedQuantity + (quantities.get(line.productId) ?? 0)',
        replacement: 'line.refundedQuantity',
      },
    ],
    test: {
      file: RACES,
      name: 'concurrent refunds of an order never refund more than was paid',
      message: 'refund_is_within_total',
    },
  },
  {
    fault: 'key row outside the transaction: it is written after the commit',
    changes: [
      {
        file: 'src/commit/batch.ts',
        search: 'Promise.all([...rows.write(writes.db), insertEffects(writes.db, stamped)])',
        replacement: 'Promise.all(rows.write(writes.db))',
      },
      {
        file: 'src/commit/batch.ts',
        search: '[() => writes.send(session), () => commit(session)]);',
        replacement:
          '[() => writes.send(session), () => commit(session)]);\n' +
          '  await insertEffects(session, stamped);',
      },
    ],
    test: {
      file: 'src/commit/conflicts.db.test.ts',
      name: 'two commands with one key in two processes have one effect and one answer',
      message: "kind: 'accepted'",
    },
  },
  {
    fault: 'journal cursor on position alone: open transactions are not waited for',
    changes: [
      {
        file: 'src/journal/marks.ts',
        search: 'mark.fence < oldestRunning && asked.includes(mark)',
        replacement: 'asked.includes(mark)',
      },
    ],
    test: {
      file: 'src/journal/reader.db.test.ts',
      name: 'an event whose transaction commits after a higher position is not skipped',
      message: "'early 1'",
    },
  },
  {
    fault: 'expiry that ignores a payment',
    changes: [
      {
        file: 'src/order/order.ts',
        search: `  paid: {
    pay: 'order_not_pending',
    cancel: 'order_not_pending',
    expire: 'order_not_pending',`,
        replacement: `  paid: {
    pay: 'order_not_pending',
    cancel: 'order_not_pending',
    expire: 'expired',`,
      },
      {
        file: 'src/order/expiry.ts',
        search: 'isDue(found.order, time);',
        replacement: "(found.order.status === 'paid' || isDue(found.order, time));",
      },
    ],
    test: {
      file: RACES,
      name: 'an expiry after the payment changes nothing',
      message: 'paid_orders_have_a_time',
    },
  },
  {
    fault: 'dropped `order by` of a list',
    changes: [
      {
        file: 'src/wallet/queries.gen.ts',
        search: 'order by number desc\nlimit $3::int',
        replacement: 'limit $3::int',
      },
    ],
    test: {
      file: 'src/wallet/entries.db.test.ts',
      name: 'entries are listed newest first, page by page, also while entries are added',
      message: 'to deeply equal [ 25, 24, 23',
    },
  },
  {
    fault: 'wrong window edge: an order that is paid at the end of the window is not counted',
    changes: [
      {
        file: 'src/bestseller/queries.gen.ts',
        search: 'paid_at >= $3 and paid_at <= $4',
        replacement: 'paid_at >= $3 and paid_at < $4',
      },
    ],
    test: {
      file: 'src/bestseller/count.db.test.ts',
      name: 'at any instant of a month the window is a count over the orders',
      message: 'to deeply equal [ { units: ',
    },
  },
  {
    fault: 'leaf hashed without its prefix',
    changes: [
      {
        file: 'src/log/merkle.ts',
        search: 'sha256(Buffer.concat([LEAF, entry]))',
        replacement: 'sha256(entry)',
      },
    ],
    test: {
      file: 'src/log/merkle.test.ts',
      name: 'the roots and proofs are those of Certificate Transparency',
      message: 'expected [ …(9) ] to deeply equal [ …(9) ]',
    },
  },
  {
    fault: 'scrub that skips the last slice',
    changes: [
      {
        file: 'src/audit/scrub/scrub.ts',
        search: 'ranges.push({ part',
        replacement: 'if (upTo !== undefined) ranges.push({ part',
      },
    ],
    test: {
      file: 'src/audit/rounds/auditor.db.test.ts',
      name: 'the scrub names each row that was changed, removed or added without an event',
      message: "expected [] to deeply equal [ 'cart.carts ",
    },
  },
  {
    fault: 'stale read: each process keeps the rows that it has read',
    changes: [
      { file: 'src/database/loader.ts', search: 'cache: false', replacement: 'cache: true' },
    ],
    test: {
      file: 'test/linearizability/processes.db.test.ts',
      name: 'answers and reads of two processes, killed under load, are those of one shop',
      message: 'not linearizable',
    },
  },
];

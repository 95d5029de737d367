import type { Queryable } from '../database/statement.ts';
import type { JournalReader, Subscriber } from '../journal/index.ts';
import type { Day } from './days.ts';
import { sumDays, sumProducts, type SumDaysRow } from './queries.gen.ts';

/** The figures of orders paid in a time and, apart from them, of refunds made in that time. */
export interface Figures {
  readonly orders: bigint;
  readonly units: bigint;
  /** Before refunds. */
  readonly gross: bigint;
  readonly refundedUnits: bigint;
  readonly refunded: bigint;
}

export interface DayFigures extends Figures {
  readonly day: string;
}

export interface ProductFigures extends Figures {
  readonly productId: string;
  readonly name: string;
}

export interface Report<Item> {
  readonly total: Figures;
  readonly items: readonly Item[];
}

export interface SalesReports {
  /**
   * The sales of each day, also of days without sales. Covers every event that was answered before
   * the call; undefined while the recording is far behind the journal.
   */
  readonly byDay: (days: readonly Day[]) => Promise<Report<DayFigures> | undefined>;
  /**
   * The sales of each sold or refunded product, the highest gross revenue first, at most `limit`
   * products; current and undefined as above.
   */
  readonly byProduct: (
    days: readonly Day[],
    limit: number,
  ) => Promise<Report<ProductFigures> | undefined>;
}

/** How long to wait for transactions that began before the call: longer than a healthy one. */
const TRANSACTIONS_MS = 300;
/** How long a report waits for sales to be recorded: less than a caller waits for an answer. */
const RECORDING_MS = 3_000;

const figuresOf = (row: SumDaysRow): Figures => ({
  orders: BigInt(row.orders),
  units: BigInt(row.units),
  gross: BigInt(row.gross),
  refundedUnits: BigInt(row.refundedUnits),
  refunded: BigInt(row.refunded),
});

const NOTHING: Figures = { orders: 0n, units: 0n, gross: 0n, refundedUnits: 0n, refunded: 0n };

const add = (a: Figures, b: Figures): Figures => ({
  orders: a.orders + b.orders,
  units: a.units + b.units,
  gross: a.gross + b.gross,
  refundedUnits: a.refundedUnits + b.refundedUnits,
  refunded: a.refunded + b.refunded,
});

/** Reads reports from the sums that a subscriber of the journal keeps. */
export const createSalesReports = (
  db: Queryable,
  reader: Pick<JournalReader, 'findFrontier'>,
  subscriber: Pick<Subscriber, 'catchUp'>,
): SalesReports => {
  const isRecorded = async (): Promise<boolean> => {
    const { position } = await reader.findFrontier(TRANSACTIONS_MS);
    return subscriber.catchUp(position, RECORDING_MS);
  };

  return {
    byDay: async (days) => {
      if (!(await isRecorded())) return undefined;
      const begins = days.map((day) => day.begins);
      const rows = await sumDays(db, { begins, ends: days.map(({ ends }) => ends) });
      const items = rows.map((row, index) => ({ day: days[index]!.day, ...figuresOf(row) }));
      return { total: items.reduce<Figures>(add, NOTHING), items };
    },

    byProduct: async (days, limit) => {
      if (!(await isRecorded())) return undefined;
      const { begins } = days[0]!;
      const { ends } = days.at(-1)!;
      const [total, ...rows] = await sumProducts(db, { begins, ends, limit });
      const items = rows.map((row) => {
        const { productId, name } = row;
        if (productId === null || name === null) throw new Error('a sold product does not exist');
        return { productId, name, ...figuresOf(row) };
      });
      return { total: total === undefined ? NOTHING : figuresOf(total), items };
    },
  };
};

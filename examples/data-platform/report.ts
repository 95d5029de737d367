import type { Store } from './store.ts';

const MINUTES_MAX = 60;
const PRODUCTS_MAX = 100;

export interface Report {
  readonly asOf: string;
  /** Null until something was sold. */
  readonly currency: string | null;
  /** Revenue is payments minus refunds, in the currency's minor unit. */
  readonly totals: {
    readonly events: number;
    readonly orders: number;
    readonly refunds: number;
    readonly revenue: number;
  };
  /** The last minutes with payments, oldest first; revenue before refunds. */
  readonly ordersPerMinute: readonly {
    readonly minute: string;
    readonly orders: number;
    readonly revenue: number;
  }[];
  /** By revenue, highest first; units and revenue minus refunds. */
  readonly products: readonly {
    readonly productId: string;
    /** The name at the last sale; null when only a refund is known. */
    readonly name: string | null;
    readonly units: number;
    readonly revenue: number;
  }[];
}

// One statement, so that all figures come from one snapshot. The database writes the JSON, so that
// no sum becomes a floating point number.
const REPORT = `
select to_json({
  'asOf': strftime(now() at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ'),
  currency: (
    select any_value(data ->> '$.currency') from events where type = 'moa.order.paid.v1'
  ),
  totals: (
    select {
      events: count(*),
      orders: count(*) filter (type = 'moa.order.paid.v1'),
      refunds: count(*) filter (type = 'moa.order.refunded.v1'),
      revenue: (select coalesce(sum(revenue), 0) from sales)
    }
    from events
  ),
  ordersPerMinute: (
    select coalesce(list(each order by minute), [])
    from (
      select
        strftime(time at time zone 'UTC', '%Y-%m-%dT%H:%MZ') as minute,
        count(*) as orders,
        sum((data ->> '$.total')::bigint) as revenue
      from events
      where type = 'moa.order.paid.v1'
      group by minute
      order by minute desc
      limit ${MINUTES_MAX}
    ) as each
  ),
  products: (
    select coalesce(list(each order by revenue desc, productId), [])
    from (
      select
        product_id as productId,
        arg_max(name, coalesce(sequence, '')) as name,
        sum(units) as units,
        sum(revenue) as revenue
      from sales
      group by product_id
      order by sum(revenue) desc, product_id
      limit ${PRODUCTS_MAX}
    ) as each
  )
})::text
`;

/** The current report, as JSON. */
export const readReport = async (store: Store): Promise<string> => String(await store.read(REPORT));

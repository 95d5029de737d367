import type { Peer, PeerShop } from './peer.ts';
import { post } from './peer.ts';

const ADDRESS = {
  first_name: 'A',
  last_name: 'Buyer',
  address_1: '1 Main Street',
  city: 'Springfield',
  postal_code: '12345',
  country_code: 'us',
};

/** The id of the cart or the payment collection in an answer. */
const idIn = (body: string, name: 'cart' | 'payment_collection'): string => {
  const answer = JSON.parse(body) as Readonly<Record<string, { readonly id: string } | undefined>>;
  return answer[name]?.id ?? '';
};

/** Whether the completed cart became an order, which needs an authorized payment. */
const isOrder = (body: string): boolean =>
  (JSON.parse(body) as { readonly type?: string }).type === 'order';

/** A request of the store API whose answer has few fields, which is less work for both sides. */
const store = ({ ids }: PeerShop, path: string, body: unknown): string =>
  post(`/store/${path}?fields=id`, body, { 'x-publishable-api-key': ids['key'] ?? '' });

const CLI = 'node_modules/@medusajs/cli/cli.js';

export const medusa: Peer = {
  name: 'Medusa',
  package: '@medusajs/medusa',
  folder: 'medusa',
  environment: { MEDUSA_DISABLE_TELEMETRY: 'true', LOG_LEVEL: 'warn' },
  build: [[CLI, 'build']],
  fill: (products, stock) => [
    [CLI, 'db:migrate'],
    [CLI, 'exec', './seed.js', String(products), String(stock)],
  ],
  serve: (port) => [`../../${CLI}`, 'start', '--host', '127.0.0.1', '--port', String(port)],
  serveFrom: '.medusa/server',
  productsSql: 'select id from product_variant order by id',
  idsSql: `
    select (select token from api_key where title = 'Shop') as key,
      (select id from region) as region,
      (select id from shipping_option) as shipping`,
  stockSql: `
    select coalesce(sum(sold.quantity), 0)::float8 as ordered,
      (level.stocked_quantity - level.reserved_quantity)::float8 as available
    from inventory_level level
    join product_variant_inventory_item item using (inventory_item_id)
    left join (
      select l.variant_id, i.quantity from order_line_item l
      join order_item i on i.item_id = l.id and i.deleted_at is null
      join "order" o on o.id = i.order_id and o.deleted_at is null
    ) sold using (variant_id)
    group by level.id`,
  requestsPerOrder: 5,
  *order(shop, email, productId) {
    const cart = idIn(
      yield {
        request: store(shop, 'carts', {
          region_id: shop.ids['region'],
          email,
          items: [{ variant_id: productId, quantity: 1 }],
          shipping_address: ADDRESS,
        }),
        status: 200,
      },
      'cart',
    );
    yield {
      request: store(shop, `carts/${cart}/shipping-methods`, { option_id: shop.ids['shipping'] }),
      status: 200,
    };
    const collection = idIn(
      yield { request: store(shop, 'payment-collections', { cart_id: cart }), status: 200 },
      'payment_collection',
    );
    yield {
      request: store(shop, `payment-collections/${collection}/payment-sessions`, {
        provider_id: 'pp_system_default',
      }),
      status: 200,
    };
    yield {
      request: store(shop, `carts/${cart}/complete`, {}),
      status: 200,
      accepts: isOrder,
    };
  },
  also:
    'It keeps a cart and its events, prices it with taxes, promotions and shipping, registers the ' +
    'guest as a customer, runs each step as a workflow that can be undone, authorizes the payment ' +
    'with a provider, and reserves stock at a location for the fulfilment.',
};

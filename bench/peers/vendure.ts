import type { Peer } from './peer.ts';
import { post } from './peer.ts';

/**
 * The whole order as the fields of one mutation, which GraphQL carries out in turn. Without a
 * cookie the first one opens a session, so each order has its own.
 */
const QUERY = `mutation ($product: ID!, $customer: CreateCustomerInput!,
    $address: CreateAddressInput!, $shipping: [ID!]!) {
  addItemToOrder(productVariantId: $product, quantity: 1) { __typename }
  setCustomerForOrder(input: $customer) { __typename }
  setOrderShippingAddress(input: $address) { __typename }
  setOrderShippingMethod(shippingMethodId: $shipping) { __typename }
  transitionOrderToState(state: "ArrangingPayment") { __typename }
  addPaymentToOrder(input: { method: "dummy", metadata: {} }) {
    __typename ... on Order { state } ... on ErrorResult { errorCode }
  }
}`.replaceAll(/\s+/g, ' ');

const ADDRESS = {
  fullName: 'A Buyer',
  streetLine1: '1 Main Street',
  city: 'Springfield',
  postalCode: '12345',
  countryCode: 'US',
};

interface Answer {
  readonly data?: { readonly addPaymentToOrder?: { readonly state?: string } } | null;
}

/** Whether Vendure says that the order is paid. */
const isPaid = (body: string): boolean =>
  (JSON.parse(body) as Answer).data?.addPaymentToOrder?.state === 'PaymentSettled';

export const vendure: Peer = {
  name: 'Vendure',
  package: '@vendure/core',
  folder: 'vendure',
  environment: { VENDURE_DISABLE_TELEMETRY: 'true' },
  build: [],
  fill: (products, stock) => [['server.js', 'seed', String(products), String(stock)]],
  serve: () => ['server.js', 'serve'],
  productsSql: 'select id::text as id from product_variant order by product_variant.id',
  idsSql: 'select id::text as shipping from shipping_method',
  stockSql: `
    select coalesce(sum(sold.quantity), 0)::float8 as ordered,
      (level."stockOnHand" - level."stockAllocated")::float8 as available
    from stock_level level
    left join (
      select l."productVariantId", l.quantity from order_line l
      join "order" o on o.id = l."orderId" and o."orderPlacedAt" is not null
    ) sold on sold."productVariantId" = level."productVariantId"
    group by level.id`,
  requestsPerOrder: 1,
  *order({ ids }, email, product) {
    const customer = { emailAddress: email, firstName: 'A', lastName: 'Buyer' };
    const variables = { product, customer, address: ADDRESS, shipping: [ids['shipping']] };
    yield {
      request: post('/shop-api', { query: QUERY, variables }),
      status: 200,
      accepts: isPaid,
    };
  },
  also:
    'It keeps a session and a cart, prices the order anew after each step with taxes, promotions ' +
    'and shipping, registers the guest as a customer, keeps the history of the order, and ' +
    'prepares its fulfilment.',
};

import { Check } from 'typebox/schema';
import type { TSchema } from 'typebox';

/** The parts of JSON Schema that the routes use. */
interface Schema {
  readonly title?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
}

/** Examples by the name of the field, or by the name of its schema and its own. */
const FIELDS: Readonly<Record<string, unknown>> = {
  userId: 'alice',
  productId: '0197a3c0-5d00-7000-8000-000000000001',
  orderId: '0197a3c0-5d00-7000-8000-000000000002',
  chargeId: '0197a3c0-5d00-7000-8000-000000000003',
  withdrawalId: '0197a3c0-5d00-7000-8000-000000000004',
  refundId: '0197a3c0-5d00-7000-8000-000000000005',
  entryId: '0197a3c0-5d00-7000-8000-000000000006',
  destinationId: '0197a3c0-5d00-7000-8000-000000000007',
  apiKeyId: '0197a3c0-5d00-7000-8000-000000000008',
  eventId: '0197a3c0-5d00-7000-8000-000000000009',
  movementId: '0197a3c0-5d00-7000-8000-000000000009',
  'CloudEvent.id': '0197a3c0-5d00-7000-8000-000000000009',
  reference: '0197a3c0-5d00-7000-8000-000000000003',
  imageId: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  productIds: ['0197a3c0-5d00-7000-8000-000000000001'],
  traceId: 'req-1a2b3c',

  name: 'Mug',
  'User.name': 'Alice',
  'UserChange.name': 'Alice',
  'Destination.name': 'Data platform',
  'NewDestination.name': 'Data platform',
  'DestinationChange.name': 'Data platform',
  'ApiKey.name': 'Back office',
  'CreatedApiKey.name': 'Back office',
  'NewApiKey.name': 'Back office',
  role: 'service',
  key: 'moa_4Tk9QpXw2LmZ8RcV5NbY7HsJ3GdF6AaEu1YtRk',
  prefix: 'moa_4Tk9Qp',
  createdBy: 'staff',
  sku: 'MUG-WHITE',
  'ProductChange.sku': 'MUG-WHITE-2',
  metadata: { channel: 'app' },
  description: 'A white mug of 300 ml',
  imageUrl: '/images/mug.png',
  'Image.width': 4_032,
  'Image.height': 3_024,
  'Image.url': '/v1/images/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'ImageSizes.small':
    '/v1/images/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08?size=small',
  'ImageSizes.medium':
    '/v1/images/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08?size=medium',
  'ImageSizes.large':
    '/v1/images/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08?size=large',
  currency: 'KRW',
  reason: 'damaged',
  'Cancellation.reason': 'ordered twice',
  'NewRefund.reason': 'arrived broken',
  url: 'https://data-platform.example.com/events',
  types: ['moa.order.paid.v1'],
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ca: null,
  'LastAttempt.detail': 'answered 200',
  sequence: '0000000000000000042',
  lastSequence: '0000000000000000042',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  partitionkey: '0197a3c0-5d00-7000-8000-000000000002',
  'CloudEvent.subject': '0197a3c0-5d00-7000-8000-000000000002',
  'CloudEvent.source': 'urn:uuid:0197a3c0-5d00-7000-8000-00000000000a',
  'CloudEvent.type': 'moa.order.paid.v1',
  dataschema: 'https://shop.example.com/schemas/events/moa.order.paid.v1.json',
  leafIndex: 260,
  level: '0',
  last: '067',
  thousands: 'x234',
  millions: 'x001',
  tileWidth: '1',
  leafHash: 'wlr+YGkgk7CGoYBn2gjAeLZILS0JxXIEasZE4u9NKEQ=',
  hashes: ['ieRrn7w/7NMbw7i5+aotGtnqWR65x4lxRI1wD/KL7UY='],
  treeSize: 300,
  'ConsistencyProof.from': 256,
  'ConsistencyProof.to': 300,
  entry:
    '{"id":"0197a3c0-5d00-7000-8000-000000000009","type":"order.paid.v1","subject":…,"data":{…}}',
  origin: 'shop.example/moa',
  verifierKey: 'shop.example/moa+7dc57f46+AS5QLWcRa9xhpxa1oMpT4OEWtOIC/MDpfJuOIoTZPQqr',
  checkpoint:
    'shop.example/moa\n300\nkZsK6oNWzfd6/ac//Erp67qcG9hlUM9ZAbIfC0optCc=\n\n' +
    '— shop.example/moa fcV/RvOi/JJzIDFR2q7rLFtN7UQ8oeUmL2WcPlFPhZS2C08mbJiyKcVoEiX4q84PeYDByQTu' +
    'g+YOI/nF391JAdPkyAg=\n',
  file: 'moa.order.paid.v1.json',
  body: 'ok',
  'Attempt.status': 200,
  'TestResult.status': 200,
  'DeadLetter.status': 422,
  'LastRefusal.status': 422,
  'LastRefusal.detail': 'answered 422',
  pointer: '/items/0/quantity',
  message: 'must be >= 1',

  price: 15_000,
  unitPrice: 15_000,
  priceWhenAdded: 15_000,
  quantity: 2,
  lineTotal: 30_000,
  total: 30_000,
  expectedTotal: 30_000,
  refundedQuantity: 0,
  refundedTotal: 0,
  amount: 50_000,
  'Refund.amount': 30_000,
  'RefundedItem.amount': 30_000,
  balance: 20_000,
  'Charge.balance': 50_000,
  balanceAfter: 50_000,
  required: 30_000,
  limit: 100,
  'BalanceLimitExceededProblem.limit': 2_000_000,
  'BalanceLimitExceededProblem.balance': 1_990_000,
  'TotalChangedProblem.expectedTotal': 28_000,
  stock: 40,
  delta: -3,
  requested: 2,
  available: 1,
  refundable: 1,
  version: 3,

  rank: 1,
  unitsSold: 120,
  revenue: 1_800_000,
  orderCount: 75,
  delivered: 1_000,
  pending: 0,
  lagSeconds: 0,
  deadLetters: 0,

  invariant: 'W2',
  'Audit.verdict': 'broken',
  'Invariant.verdict': 'broken',
  rule: 'a balance is the sum of its entries and not negative',
  violationCount: 1,
  part: 'wallet.wallets',
  'Violation.invariants': ['W2', 'W3', 'J1'],
  'Violation.subject': 'alice',
  expected: { balance: 20_000 },
  found: { balance: 20_001 },
  sincePosition: 41,
  position: 42,
  intervalSeconds: 60,
  rounds: 1_440,
  roundSeconds: 0.08,
  requestedRun: 1,
  completedRun: 1,
  run: 2,
  visitedCount: 500,
  provenAt: '2026-01-05T09:31:00.000Z',
  foundAt: '2026-01-05T09:31:00.000Z',
  beganAt: '2026-01-05T09:30:00.000Z',
  completedAt: '2026-01-04T09:30:00.000Z',

  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
  addedAt: '2026-01-05T09:30:00.000Z',
  paidAt: '2026-01-05T09:31:00.000Z',
  'Order.paidAt': null,
  'PaidOrder.expiresAt': null,
  'PaidOrder.status': 'paid',
  nextCursor: null,
  expiresAt: '2026-01-05T09:45:00.000Z',
  at: '2026-01-05T09:31:01.000Z',
  asOf: '2026-01-05T12:00:00.000Z',
  from: '2026-01-02T12:00:00.000Z',
  to: '2026-01-05T12:00:00.000Z',
  'NewApiKey.expiresAt': '2999-01-01T00:00:00Z',
  day: '2026-01-05',
  'SalesReport.from': '2026-01-01',
  'SalesReport.to': '2026-02-01',
  'SalesQuery.from': '2026-01-01',
  'SalesQuery.to': '2026-02-01',
  'SalesQuery.until': '14:30',
  timeZone: 'Asia/Seoul',
};

/**
 * An example of a schema, with every field and the first branch of each union. A field's example is
 * that of its name if it is valid, otherwise any value of the type.
 */
export const exampleOf = (schema: TSchema, name = '', owner = ''): unknown => {
  const { title = '', ...shape } = schema as Schema;
  for (const key of [`${owner}.${name}`, name]) {
    if (Object.hasOwn(FIELDS, key) && Check(schema, FIELDS[key])) return FIELDS[key];
  }
  if (shape.anyOf !== undefined) return exampleOf(shape.anyOf[0] as TSchema, name, title || owner);
  if ('const' in shape) return shape.const;
  if ('default' in shape) return shape.default;
  if (shape.enum !== undefined) return shape.enum[0];
  switch (shape.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([field, inner]) => [
          field,
          exampleOf(inner as TSchema, field, title || owner),
        ]),
      );
    case 'array':
      return [exampleOf(shape.items as TSchema, name, title || owner)];
    case 'integer':
    case 'number':
      return Math.max(1, shape.minimum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return shape.format === 'date-time' ? FIELDS['createdAt'] : 'text';
    case undefined:
    default:
      return {};
  }
};

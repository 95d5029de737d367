import * as fc from 'fast-check';

/** The commands of the model, with names instead of ids. */
export type ModelCommand =
  | { readonly kind: 'register'; readonly user: string }
  | Keyed<{ readonly kind: 'charge' | 'withdraw'; readonly user: string; readonly amount: number }>
  | Keyed<{ readonly kind: 'adjust'; readonly product: string; readonly delta: number }>
  | {
      readonly kind: 'change';
      readonly product: string;
      readonly price: number;
      readonly status?: 'active' | 'archived';
    }
  | Keyed<ModelOrderRequest>
  | Keyed<{ readonly kind: 'pay' | 'cancel'; readonly order: string }>
  | Keyed<{
      readonly kind: 'refund';
      readonly order: string;
      readonly items?: readonly ModelItem[];
      readonly restock: boolean;
    }>
  | { readonly kind: 'expire'; readonly order: string }
  | {
      readonly kind: 'add';
      readonly user: string;
      readonly product: string;
      readonly quantity: number;
    }
  | { readonly kind: 'remove'; readonly user: string; readonly product: string };

export interface ModelOrderRequest {
  readonly kind: 'checkout' | 'place';
  readonly user: string;
  /** Undefined for the items in the cart. */
  readonly items?: readonly ModelItem[];
  readonly expectedTotal?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ModelItem {
  readonly product: string;
  readonly quantity: number;
}

type Keyed<Command> = Command & { readonly key: string };

/** Commands that are sent concurrently after the clock was advanced. */
export interface ModelBatch {
  readonly stepMs: number;
  readonly commands: readonly ModelCommand[];
}

export const RESERVATION_MS = 60_000;

/** The name of the n-th order of a history. */
export const orderName = (index: number): string => `order ${index}`;

const user = fc.constantFrom('u0', 'u0', 'u0', 'u0', 'u1', 'u1', 'u2', 'stranger');
const product = fc.constantFrom('p0', 'p0', 'p0', 'p1', 'p1', 'p2', 'p2', 'absent');
const key = fc.nat({ max: 30 }).map((index) => `k${index}`);
const amount = fc.integer({ min: 1, max: 6_000 });
const order = fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3).map(orderName);
const item = fc.record({ product, quantity: fc.integer({ min: 1, max: 3 }) });
const items = fc.array(item, { minLength: 1, maxLength: 2 });

const command = fc.oneof(
  fc.record({ kind: fc.constant('register'), user: fc.constantFrom('u0', 'u1', 'u2') }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('charge'), user, amount, key }) },
  fc.record({ kind: fc.constant('withdraw'), user, amount, key }),
  fc.record({
    kind: fc.constant('adjust'),
    product,
    delta: fc.integer({ min: -4, max: 4 }).filter((delta) => delta !== 0),
    key,
  }),
  fc.record(
    {
      kind: fc.constant('change'),
      product,
      price: fc.integer({ min: 1, max: 500 }),
      status: fc.constantFrom('active', 'active', 'archived'),
    },
    { requiredKeys: ['kind', 'product', 'price'] },
  ),
  {
    weight: 8,
    arbitrary: fc.record(
      {
        kind: fc.constantFrom('checkout', 'place'),
        user,
        items,
        expectedTotal: fc.integer({ min: 1, max: 9_000 }),
        metadata: fc.constantFrom({}, { channel: 'app' }, { b: '', a: '"한' }),
        key,
      },
      { requiredKeys: ['kind', 'user', 'key'] },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('pay', 'cancel'), order, key }),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      { kind: fc.constant('refund'), order, items, restock: fc.boolean(), key },
      { requiredKeys: ['kind', 'order', 'restock', 'key'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expire'), order }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('add'),
      user,
      product,
      quantity: fc.constantFrom(1, 1, 2, 999),
    }),
  },
  fc.record({ kind: fc.constant('remove'), user, product }),
) as fc.Arbitrary<ModelCommand>;

/** Chooses the next commands after the earlier ones. */
type Step = (before: readonly ModelCommand[]) => readonly ModelCommand[];

const ONE_P1 = [{ product: 'p1', quantity: 1 }];
const ONE_P2 = [{ product: 'p2', quantity: 1 }];
const ORDER = orderName(0);

/** Sequences with outcomes that random commands rarely have. */
const RARE: readonly (readonly ModelCommand[])[] = [
  [
    { kind: 'withdraw', user: 'u0', amount: 1_500, key: 'k31' },
    { kind: 'withdraw', user: 'u0', amount: 1_500, key: 'k31' },
    { kind: 'pay', order: ORDER, key: 'k32' },
  ],
  ['k33', 'k34', 'k35'].map((name) => ({ kind: 'place', user: 'u0', items: ONE_P2, key: name })),
  [
    { kind: 'change', product: 'p1', price: 250, status: 'archived' },
    { kind: 'checkout', user: 'u0', items: ONE_P1, key: 'k36' },
    { kind: 'place', user: 'u0', items: ONE_P1, key: 'k37' },
    { kind: 'add', user: 'u0', product: 'p1', quantity: 1 },
  ],
  ['k38', 'k39', 'k39'].map((name) => ({ kind: 'charge', user: 'u0', amount: 5_000, key: name })),
  // Another body, although the merged lines are equal.
  [[1, 1], [2]].map((quantities) => ({
    kind: 'place',
    user: 'u0',
    items: quantities.map((quantity) => ({ product: 'p0', quantity })),
    key: 'k44',
  })),
  ['k40', 'k40'].map((name) => ({ kind: 'adjust', product: 'p1', delta: 1, key: name })),
  ['k41', 'k41'].map((name) => ({ kind: 'cancel', order: ORDER, key: name })),
  [
    ...['k42', 'k42'].map((name) => ({ kind: 'pay', order: ORDER, key: name }) as const),
    ...['k43', 'k43'].map(
      (name) => ({ kind: 'refund', order: ORDER, restock: true, key: name }) as const,
    ),
  ],
];

/** A new command, a repetition of an earlier one, as after a lost answer, or a rare sequence. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 24,
    arbitrary: command.map((given): Step => () => [given]),
  },
  {
    weight: 6,
    arbitrary: fc.nat().map(
      (back): Step =>
        (before) =>
          before.slice(back % before.length).slice(0, 1),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...RARE).map(
      (rare): Step =>
        () =>
          rare,
    ),
  },
);

/** The first commands of each history, so that there is money and there are orders. */
const BEGINNING: readonly ModelCommand[] = [
  { kind: 'register', user: 'u0' },
  { kind: 'register', user: 'u1' },
  { kind: 'charge', user: 'u0', amount: 2_000, key: 'k0' },
  { kind: 'place', user: 'u0', items: [{ product: 'p0', quantity: 1 }], key: 'k1' },
  { kind: 'checkout', user: 'u0', items: [{ product: 'p1', quantity: 2 }], key: 'k2' },
  { kind: 'add', user: 'u0', product: 'p0', quantity: 1 },
];

/** No step ends near the end of a reservation, because real time passes during a run. */
const stepMs = fc.constantFrom(0, 0, 0, RESERVATION_MS + 1_000);

/** Batches of commands; the commands of a batch are sent concurrently, in order. */
export const history: fc.Arbitrary<ModelBatch[]> = fc
  .array(fc.record({ stepMs, steps: fc.array(step, { minLength: 2, maxLength: 8 }) }), {
    minLength: 2,
    maxLength: 6,
  })
  .map((batches) => {
    const before = [...BEGINNING];
    const chosenBatches = batches.map(({ steps, ...batch }) => {
      const commands = steps.flatMap((choose) => {
        const chosen = choose(before);
        before.push(...chosen);
        return chosen;
      });
      return { ...batch, commands };
    });
    return [{ stepMs: 0, commands: BEGINNING }, ...chosenBatches];
  });

/**
 * The rules of the shop once more, as plainly as they can be said: one command at a time, numbers
 * in maps, no database, no batches. What the service answers must be what this answers.
 */
export interface ModelReply {
  /** A status for what happened, a problem's code for what did not. */
  readonly outcome: number | string;
  /** The figures of the answer, or the members of the problem. */
  readonly figures: object;
}

export type ModelCommand =
  | { readonly kind: 'register'; readonly user: string }
  | Keyed<{ readonly kind: 'charge'; readonly user: string; readonly amount: number }>
  | Keyed<{ readonly kind: 'withdraw'; readonly user: string; readonly amount: number }>
  | Keyed<{ readonly kind: 'adjust'; readonly product: string; readonly delta: number }>
  | {
      readonly kind: 'change';
      readonly product: string;
      readonly price?: number;
      readonly status?: 'active' | 'archived';
    }
  | Keyed<{
      readonly kind: 'checkout';
      readonly user: string;
      readonly items: readonly { readonly product: string; readonly quantity: number }[];
      readonly expectedTotal?: number;
    }>;

type Keyed<Command> = Command & { readonly key: string };

interface ModelProduct {
  price: number;
  stock: number;
  status: 'active' | 'archived';
}

export const createModel = (
  balanceMax: number,
  initial: ReadonlyMap<string, { price: number; stock: number }>,
) => {
  const balances = new Map<string, number>();
  const products = new Map<string, ModelProduct>(
    [...initial].map(([id, product]) => [id, { ...product, status: 'active' }]),
  );
  const keys = new Map<string, { intent: string; reply: ModelReply }>();

  const done = (outcome: number, figures: object): ModelReply => ({ outcome, figures });
  const no = (outcome: string, figures: object = {}): ModelReply => ({ outcome, figures });

  const checkout = ({
    user,
    items,
    expectedTotal,
  }: Extract<ModelCommand, { kind: 'checkout' }>): ModelReply => {
    const balance = balances.get(user);
    if (balance === undefined) return no('user_not_found');
    const wanted = new Map<string, number>();
    for (const { product, quantity } of items) {
      wanted.set(product, (wanted.get(product) ?? 0) + quantity);
    }
    const ids = [...wanted.keys()];
    const missing = ids.filter((id) => !products.has(id));
    if (missing.length > 0) return no('product_not_found', { productIds: missing });
    const archived = ids.filter((id) => products.get(id)?.status === 'archived');
    if (archived.length > 0) return no('product_unavailable', { productIds: archived });
    let total = 0;
    for (const [id, quantity] of wanted) total += quantity * (products.get(id)?.price ?? 0);
    if (expectedTotal !== undefined && total > expectedTotal) {
      return no('total_changed', { expectedTotal, total });
    }
    const short = ids
      .map((id) => ({
        productId: id,
        requested: wanted.get(id) ?? 0,
        available: products.get(id)?.stock ?? 0,
      }))
      .filter(({ requested, available }) => requested > available);
    if (short.length > 0) return no('insufficient_stock', { items: short });
    if (balance < total) return no('insufficient_balance', { balance, required: total });
    for (const [id, quantity] of wanted) products.get(id)!.stock -= quantity;
    balances.set(user, balance - total);
    return done(201, { total, balance: balance - total });
  };

  const carryOut = (command: ModelCommand): ModelReply => {
    switch (command.kind) {
      case 'register': {
        const isNew = !balances.has(command.user);
        if (isNew) balances.set(command.user, 0);
        return done(isNew ? 201 : 200, {});
      }
      case 'charge': {
        const balance = balances.get(command.user);
        if (balance === undefined) return no('user_not_found');
        const after = balance + command.amount;
        if (after > balanceMax) return no('balance_limit_exceeded', { limit: balanceMax, balance });
        balances.set(command.user, after);
        return done(201, { amount: command.amount, balance: after });
      }
      case 'withdraw': {
        const balance = balances.get(command.user);
        if (balance === undefined) return no('user_not_found');
        const required = command.amount;
        if (balance < required) return no('insufficient_balance', { balance, required });
        balances.set(command.user, balance - required);
        return done(201, { amount: required, balance: balance - required });
      }
      case 'adjust': {
        const product = products.get(command.product);
        if (product === undefined) {
          return no('product_not_found', { productIds: [command.product] });
        }
        if (product.stock + command.delta < 0) {
          const { product: productId, delta } = command;
          const items = [{ productId, requested: -delta, available: product.stock }];
          return no('insufficient_stock', { items });
        }
        product.stock += command.delta;
        return done(201, { delta: command.delta, stock: product.stock });
      }
      case 'change': {
        const product = products.get(command.product);
        if (product === undefined) {
          return no('product_not_found', { productIds: [command.product] });
        }
        product.price = command.price ?? product.price;
        product.status = command.status ?? product.status;
        return done(200, { ...product });
      }
      case 'checkout':
        return checkout(command);
    }
  };

  return {
    /** What the command must be answered, and whether that answer was given before. */
    run: (command: ModelCommand): ModelReply & { readonly replayed: boolean } => {
      if (!('key' in command)) return { ...carryOut(command), replayed: false };
      const { key, ...rest } = command;
      const intent = JSON.stringify(mergedIntent(rest));
      const known = keys.get(key);
      if (known !== undefined && known.intent !== intent) {
        return { ...no('idempotency_key_reused'), replayed: false };
      }
      if (known !== undefined) return { ...known.reply, replayed: true };
      const reply = carryOut(command);
      if (typeof reply.outcome === 'number') keys.set(key, { intent, reply });
      return { ...reply, replayed: false };
    },
    balances: balances as ReadonlyMap<string, number>,
    products: products as ReadonlyMap<string, Readonly<ModelProduct>>,
  };
};

/** Lines of one product are one line before anything else is looked at, so also for the key. */
const mergedIntent = (command: object): object => {
  if (!('items' in command)) return command;
  const merged = new Map<string, number>();
  for (const { product, quantity } of command.items as { product: string; quantity: number }[]) {
    merged.set(product, (merged.get(product) ?? 0) + quantity);
  }
  return { ...command, items: [...merged] };
};

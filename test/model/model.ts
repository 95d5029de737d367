import {
  RESERVATION_MS,
  orderName,
  type ModelCommand,
  type ModelItem,
  type ModelOrderRequest,
} from './commands.ts';

/**
 * The rules of the shop in their simplest form: one command at a time, numbers in maps, no
 * database, no batches. The service must give the same answers.
 */
export interface ModelReply {
  /** The status of a success or the code of a problem. */
  readonly outcome: number | string;
  /** The figures of the answer, or the members of the problem. */
  readonly figures: object;
  /** The name of the created order. */
  readonly order?: string;
}

interface ModelProduct {
  price: number;
  /** The units that can be bought. */
  stock: number;
  status: 'active' | 'archived';
}

interface ModelLine {
  readonly quantity: number;
  readonly price: number;
  refunded: number;
}

interface ModelOrder {
  readonly user: string;
  readonly lines: Map<string, ModelLine>;
  readonly total: number;
  readonly expiresAt: number;
  readonly metadata: object;
  status: 'pending' | 'paid' | 'cancelled' | 'expired' | 'refunded';
}

type Of<Kind extends ModelCommand['kind']> = Extract<ModelCommand, { kind: Kind }>;

const done = (outcome: number, figures: object): ModelReply => ({ outcome, figures });
const no = (outcome: string, figures: object = {}): ModelReply => ({ outcome, figures });

/** The maximum quantity of a product in a cart. */
const LINE_MAX = 999;

interface Limits {
  readonly balanceMax: number;
  readonly pendingMax: number;
}

export const createModel = (
  { balanceMax, pendingMax }: Limits,
  initial: ReadonlyMap<string, { price: number; stock: number }>,
) => {
  const balances = new Map<string, number>();
  const products = new Map<string, ModelProduct>(
    [...initial].map(([id, product]) => [id, { ...product, status: 'active' }]),
  );
  const orders = new Map<string, ModelOrder>();
  const carts = new Map<string, Map<string, number>>();
  const keys = new Map<string, { intent: string; reply: ModelReply }>();
  let now = 0;

  const order = (request: ModelOrderRequest): ModelReply => {
    const { kind, user, items, expectedTotal, metadata = {} } = request;
    const balance = balances.get(user);
    if (balance === undefined) return no('user_not_found');
    const wanted = items === undefined ? (carts.get(user) ?? new Map()) : merge(items);
    const ids = [...wanted.keys()];
    const missing = ids.filter((id) => !products.has(id));
    if (missing.length > 0) return no('product_not_found', { productIds: missing });
    if (ids.length === 0) return no('cart_empty');
    const archived = ids.filter((id) => products.get(id)?.status === 'archived');
    if (archived.length > 0) return no('product_unavailable', { productIds: archived });
    let total = 0;
    for (const [id, quantity] of wanted) total += quantity * products.get(id)!.price;
    if (expectedTotal !== undefined && total > expectedTotal) {
      return no('total_changed', { expectedTotal, total });
    }
    const short = ids
      .map((id) => ({
        productId: id,
        requested: wanted.get(id)!,
        available: products.get(id)!.stock,
      }))
      .filter(({ requested, available }) => requested > available);
    if (short.length > 0) return no('insufficient_stock', { items: short });
    const pending = [...orders.values()].filter(
      (each) => each.user === user && each.status === 'pending',
    );
    if (kind === 'place' && pending.length >= pendingMax) {
      return no('too_many_pending_orders', { limit: pendingMax });
    }
    if (kind === 'checkout' && balance < total) {
      return no('insufficient_balance', { balance, required: total });
    }

    for (const [id, quantity] of wanted) products.get(id)!.stock -= quantity;
    const name = orderName(orders.size);
    const lines = [...wanted].map(
      ([id, quantity]) => [id, { quantity, price: products.get(id)!.price, refunded: 0 }] as const,
    );
    if (items === undefined) carts.delete(user);
    const status = kind === 'place' ? 'pending' : 'paid';
    const expiresAt = now + RESERVATION_MS;
    orders.set(name, { user, lines: new Map(lines), total, expiresAt, status, metadata });
    if (kind === 'place') return { ...done(201, { total, status, metadata }), order: name };
    balances.set(user, balance - total);
    const figures = { total, status, metadata, balance: balance - total };
    return { ...done(201, figures), order: name };
  };

  const putBack = ({ lines }: ModelOrder): void => {
    for (const [id, { quantity }] of lines) products.get(id)!.stock += quantity;
  };

  /** Ends or pays a pending order. */
  const settle = ({ kind, order: name }: Of<'pay' | 'cancel'>): ModelReply => {
    const found = orders.get(name);
    if (found === undefined) return no('order_not_found');
    if (found.status === 'expired' || (found.status === 'pending' && found.expiresAt <= now)) {
      return no('order_expired');
    }
    if (found.status !== 'pending') return no('order_not_pending', { orderStatus: found.status });
    if (kind === 'cancel') {
      putBack(found);
      found.status = 'cancelled';
      return done(201, { status: 'cancelled', metadata: found.metadata });
    }
    const balance = balances.get(found.user)!;
    const required = found.total;
    if (balance < required) return no('insufficient_balance', { balance, required });
    balances.set(found.user, balance - required);
    found.status = 'paid';
    const { metadata } = found;
    return done(201, { status: 'paid', metadata, balance: balance - required });
  };

  const refund = ({ order: name, items, restock }: Of<'refund'>): ModelReply => {
    const found = orders.get(name);
    if (found === undefined) return no('order_not_found');
    if (found.status !== 'paid') {
      return no('order_not_refundable', { orderStatus: found.status });
    }
    const left = (id: string): number => {
      const line = found.lines.get(id);
      return line === undefined ? 0 : line.quantity - line.refunded;
    };
    const all = [...found.lines.keys()].map((id) => [id, left(id)] as const);
    const wanted =
      items === undefined ? new Map(all.filter(([, quantity]) => quantity > 0)) : merge(items);
    const exceeding = [...wanted].filter(([id, quantity]) => quantity > left(id));
    if (exceeding.length > 0) {
      return no('refund_exceeds_order', {
        items: exceeding.map(([productId, requested]) => ({
          productId,
          requested,
          refundable: left(productId),
        })),
      });
    }
    let sum = 0;
    for (const [id, quantity] of wanted) {
      const line = found.lines.get(id)!;
      line.refunded += quantity;
      sum += quantity * line.price;
      if (restock) products.get(id)!.stock += quantity;
    }
    const balance = balances.get(found.user)! + sum;
    balances.set(found.user, balance);
    if ([...found.lines.keys()].every((id) => left(id) === 0)) found.status = 'refunded';
    return done(201, { amount: sum, balance });
  };

  const expire = ({ order: name }: Of<'expire'>): ModelReply => {
    const found = orders.get(name);
    const isOver = found?.status === 'pending' && found.expiresAt <= now;
    if (found !== undefined && isOver) {
      putBack(found);
      found.status = 'expired';
    }
    return done(200, { expired: isOver ? 1 : 0 });
  };

  const fill = ({ user, product, quantity }: Of<'add'>): ModelReply => {
    if (!balances.has(user)) return no('user_not_found');
    const found = products.get(product);
    if (found === undefined) return no('product_not_found', { productIds: [product] });
    if (found.status === 'archived') return no('product_unavailable', { productIds: [product] });
    const cart = carts.get(user) ?? new Map<string, number>();
    const before = cart.get(product) ?? 0;
    if (before + quantity > LINE_MAX) {
      return no('cart_quantity_exceeded', { limit: LINE_MAX, quantity: before });
    }
    carts.set(user, cart.set(product, before + quantity));
    return done(200, {});
  };

  const takeOut = ({ user, product }: Of<'remove'>): ModelReply => {
    if (!balances.has(user)) return no('user_not_found');
    carts.get(user)?.delete(product);
    return done(200, {});
  };

  const move = ({ kind, user, amount }: Of<'charge' | 'withdraw'>): ModelReply => {
    const balance = balances.get(user);
    if (balance === undefined) return no('user_not_found');
    if (kind === 'withdraw' && balance < amount) {
      return no('insufficient_balance', { balance, required: amount });
    }
    const after = kind === 'charge' ? balance + amount : balance - amount;
    if (kind === 'charge' && after > balanceMax) {
      return no('balance_limit_exceeded', { limit: balanceMax, balance });
    }
    balances.set(user, after);
    return done(201, { amount, balance: after });
  };

  const stockTaking = (command: Of<'adjust' | 'change'>): ModelReply => {
    const productId = command.product;
    const found = products.get(productId);
    if (found === undefined) return no('product_not_found', { productIds: [productId] });
    if (command.kind === 'change') {
      found.price = command.price;
      found.status = command.status ?? found.status;
      return done(200, { price: found.price, status: found.status });
    }
    const { delta } = command;
    if (found.stock + delta < 0) {
      const items = [{ productId, requested: -delta, available: found.stock }];
      return no('insufficient_stock', { items });
    }
    found.stock += delta;
    return done(201, { delta, stock: found.stock });
  };

  const carryOut = (command: ModelCommand): ModelReply => {
    switch (command.kind) {
      case 'register': {
        const isNew = !balances.has(command.user);
        if (isNew) balances.set(command.user, 0);
        return done(isNew ? 201 : 200, {});
      }
      case 'charge':
      case 'withdraw':
        return move(command);
      case 'adjust':
      case 'change':
        return stockTaking(command);
      case 'checkout':
      case 'place':
        return order(command);
      case 'pay':
      case 'cancel':
        return settle(command);
      case 'refund':
        return refund(command);
      case 'expire':
        return expire(command);
      case 'add':
        return fill(command);
      case 'remove':
        return takeOut(command);
    }
  };

  return {
    /** Runs a command and returns the expected answer, and whether it is a replay. */
    run: (command: ModelCommand): ModelReply & { readonly replayed: boolean } => {
      if (!('key' in command)) return { ...carryOut(command), replayed: false };
      const { key, ...rest } = command;
      // The request as it is sent: other lines are another request, also if they mean the same.
      const intent = JSON.stringify(rest);
      const known = keys.get(key);
      if (known !== undefined && known.intent !== intent) {
        return { ...no('idempotency_key_reused'), replayed: false };
      }
      if (known !== undefined) return { ...known.reply, replayed: true };
      const reply = carryOut(command);
      if (typeof reply.outcome === 'number') keys.set(key, { intent, reply });
      return { ...reply, replayed: false };
    },
    putForward: (ms: number): void => {
      now += ms;
    },
    carts: carts as ReadonlyMap<string, ReadonlyMap<string, number>>,
    balances: balances as ReadonlyMap<string, number>,
    products: products as ReadonlyMap<string, Readonly<ModelProduct>>,
    orders: orders as ReadonlyMap<string, Readonly<ModelOrder>>,
  };
};

/** Merges lines of the same product; this comes before every check. */
const merge = (items: readonly ModelItem[]): Map<string, number> => {
  const merged = new Map<string, number>();
  for (const { product, quantity } of items) {
    merged.set(product, (merged.get(product) ?? 0) + quantity);
  }
  return merged;
};

import type { ReadNewTransfersRow } from './queries.gen.ts';

/** An order as the service answers it. */
export interface OrderBody {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly total: number;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly balance?: number;
}

/** A state of an order that was acknowledged. */
export interface AcknowledgedOrder extends Pick<
  OrderBody,
  'orderId' | 'userId' | 'status' | 'total'
> {
  readonly key: string;
}

type Kind = 'charge' | 'withdrawal' | 'payment' | 'refund';

/** A change of a balance, as an answer describes it. */
interface Movement {
  readonly userId: string;
  readonly kind: Kind;
  /** The change of the balance, with its sign. */
  readonly amount: number;
  readonly balance: number;
  /** The id of the charge, the withdrawal or the order. */
  readonly reference: string;
}

/** What the acknowledged answers give for a wallet. */
export interface ExpectedWallet {
  readonly balance: number;
  readonly entries: number;
}

/** What the acknowledged answers give for a product. */
export interface ExpectedStock {
  readonly onHand: number;
  readonly reserved: number;
}

/** A movement in words, equal for an answer and its row. */
const describe = ({ userId, kind, amount, balance, reference }: Movement): string =>
  `${userId}: ${kind} of ${amount} to balance ${balance}, reference ${reference}`;

/**
 * The client's own ledger: what answers have acknowledged, as sums, and what no snapshot has
 * matched yet. It knows nothing of the tables, and its size does not grow with the orders.
 */
export const createLedger = () => {
  const wallets = new Map<string, ExpectedWallet>();
  const products = new Map<string, ExpectedStock>();
  /** Acknowledged without a row so far, by description, with the key. */
  const unseen = new Map<string, string>();
  /** Rows without an acknowledgement so far: the answer was lost, or is on its way. */
  const unanswered = new Set<string>();
  let unseenOrders: AcknowledgedOrder[] = [];
  const latest = new Map<string, string>();
  let orders = 0;

  const move = (key: string, movement: Movement): void => {
    const { userId, amount, reference } = movement;
    const { balance = 0, entries = 0 } = wallets.get(userId) ?? {};
    wallets.set(userId, { balance: balance + amount, entries: entries + 1 });
    latest.set(userId, reference);
    const description = describe(movement);
    if (!unanswered.delete(description)) unseen.set(description, key);
  };

  const moveStock = (
    items: readonly { readonly productId: string; readonly quantity: number }[],
    onHandSign: number,
    reservedSign: number,
  ): void => {
    for (const { productId, quantity } of items) {
      const { onHand = 0, reserved = 0 } = products.get(productId) ?? {};
      products.set(productId, {
        onHand: onHand + onHandSign * quantity,
        reserved: reserved + reservedSign * quantity,
      });
    }
  };

  const note = (key: string, { orderId, userId, status, total }: OrderBody): void => {
    unseenOrders.push({ key, orderId, userId, status, total });
  };

  const pay = (key: string, order: OrderBody): void => {
    const { userId, total, balance = Number.NaN, orderId: reference } = order;
    note(key, order);
    move(key, { userId, kind: 'payment', amount: -total, balance, reference });
  };

  return {
    created: ({ productId, stock }: { readonly productId: string; readonly stock: number }) => {
      products.set(productId, { onHand: stock, reserved: 0 });
    },
    charged: (
      key: string,
      { chargeId, ...rest }: Omit<Movement, 'kind' | 'reference'> & { readonly chargeId: string },
    ) => move(key, { ...rest, kind: 'charge', reference: chargeId }),
    withdrawn: (
      key: string,
      {
        withdrawalId,
        amount,
        ...rest
      }: Omit<Movement, 'kind' | 'reference'> & { readonly withdrawalId: string },
    ) => move(key, { ...rest, kind: 'withdrawal', amount: -amount, reference: withdrawalId }),
    checkedOut: (key: string, order: OrderBody) => {
      orders += 1;
      moveStock(order.items, -1, 0);
      pay(key, order);
    },
    placed: (key: string, order: OrderBody) => {
      orders += 1;
      moveStock(order.items, 0, 1);
      note(key, order);
    },
    paid: (key: string, order: OrderBody) => {
      moveStock(order.items, -1, -1);
      pay(key, order);
    },
    cancelled: (key: string, order: OrderBody) => {
      moveStock(order.items, 0, -1);
      note(key, order);
    },
    refunded: (
      key: string,
      userId: string,
      restock: boolean,
      refund: Pick<OrderBody, 'orderId' | 'items'> & { amount: number; balance: number },
    ) => {
      const { orderId: reference, amount, balance, items } = refund;
      if (restock) moveStock(items, 1, 0);
      move(key, { userId, kind: 'refund', amount, balance, reference });
    },

    /** The reference of the movement of a wallet that was acknowledged last. */
    latestOf: (userId: string): string | undefined => latest.get(userId),
    /** Matches rows with acknowledgements. */
    see: (rows: readonly ReadNewTransfersRow[]): void => {
      for (const { userId, kind, amount, balanceAfter: balance, reference } of rows) {
        const description = describe({ userId, kind: kind as Kind, amount, balance, reference });
        if (!unseen.delete(description)) unanswered.add(description);
      }
    },
    /** What was acknowledged and not matched yet, with the key of each. */
    unseen: (): ReadonlyMap<string, string> => new Map(unseen),
    /** Rows that nothing acknowledged has matched yet. */
    unanswered: (): readonly string[] => [...unanswered],
    /** The states of orders that were acknowledged since the last call. */
    takeOrders: (): AcknowledgedOrder[] => {
      const taken = unseenOrders;
      unseenOrders = [];
      return taken;
    },
    orders: (): number => orders,
    wallets: (): ReadonlyMap<string, ExpectedWallet> => wallets,
    products: (): ReadonlyMap<string, ExpectedStock> => products,
  };
};

export type Ledger = ReturnType<typeof createLedger>;

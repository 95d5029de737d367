import type { NewOrder, Order } from '@moa-commerce/client';
import { totalOf, type CheckoutLine } from './purchase.ts';

/** A purchase that was pressed: exactly what is sent until it is answered, also after a reload. */
export interface Pressed {
  readonly slot: string;
  readonly name: string;
  readonly order: NewOrder;
  /** What the shopper saw and agreed to. */
  readonly lines: readonly CheckoutLine[];
  readonly at: number;
  /** The order that it became; the press is then only kept to answer the same purchase again. */
  readonly orderId?: string;
}

/** A shopper who comes back later than this has to press again. */
export const PRESSED_MS = 5 * 60_000;
/** Paid purchases that are remembered, so that their old addresses do not buy again. */
const PAID_MAX = 20;
const PLACE = 'moa:pressed';

const isCurrent = (pressed: Pressed, now: number): boolean =>
  pressed.orderId !== undefined || (pressed.at <= now && now - pressed.at < PRESSED_MS);

/** Presses with this one in its slot; forgets those that are too old. */
export const withPressed = (
  kept: readonly Pressed[],
  pressed: Pressed,
  now: number,
): readonly Pressed[] => {
  const others = kept.filter((each) => each.slot !== pressed.slot && isCurrent(each, now));
  const paid = others.filter(({ orderId }) => orderId !== undefined).slice(-PAID_MAX + 1);
  const open = others.filter(({ orderId }) => orderId === undefined);
  return [...paid, ...open, pressed];
};

/** The press in a slot, when it is recent enough to be sent again. */
export const pressedIn = (
  kept: readonly Pressed[],
  slot: string,
  now: number,
): Pressed | undefined => kept.find((each) => each.slot === slot && isCurrent(each, now));

/**
 * What to do with a press when the sheet opens. `send`: the same request with the same key, which
 * pays once or answers the order that it paid. `look`: the cart holds something else by now, so
 * sending could buy what nobody saw; look among the orders whether the press paid. `paid`: it did.
 */
export type Resume = 'nothing' | 'send' | 'look' | 'paid';

export const resumeOf = (
  pressed: Pressed | undefined,
  shown: { readonly name: string; readonly lines: number },
): Resume => {
  if (pressed === undefined) return 'nothing';
  if (pressed.orderId !== undefined) return 'paid';
  // A cart that was paid is empty and has a new version.
  if (pressed.name === shown.name || shown.lines === 0) return 'send';
  return 'look';
};

/** Clocks of a browser and a service are rarely further apart. */
const SKEW_MS = 2 * 60_000;

/** What a shopper saw, and since when. */
export type Sight = Pick<Pressed, 'lines' | 'at'>;

const isBoughtBy = (pressed: Sight, order: Order): boolean =>
  order.items.length === pressed.lines.length &&
  pressed.lines.every(({ productId, quantity }) =>
    order.items.some((item) => item.productId === productId && item.quantity === quantity),
  );

/** The order that a press paid: the same lines, not before the press, for no more than was seen. */
export const orderOfPress = (pressed: Sight, orders: readonly Order[]): Order | undefined =>
  orders.find(
    (order) =>
      order.paidAt !== null &&
      Date.parse(order.paidAt) >= pressed.at - SKEW_MS &&
      order.total <= totalOf(pressed.lines) &&
      isBoughtBy(pressed, order),
  );

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

const read = (storage: Storage): readonly Pressed[] => {
  try {
    const kept: unknown = JSON.parse(storage.getItem(PLACE) ?? '[]');
    return Array.isArray(kept) ? (kept as readonly Pressed[]) : [];
  } catch {
    return [];
  }
};

/**
 * Presses in the storage of all tabs: another tab with the same purchase finds them, too. A browser
 * that keeps nothing does not resume after a reload; the same purchase still has the same key.
 */
export const createPresses = (storage: Storage) => {
  const write = (kept: readonly Pressed[]): void => storage.setItem(PLACE, JSON.stringify(kept));
  return {
    find: (slot: string, now: number): Pressed | undefined => pressedIn(read(storage), slot, now),
    keep: (pressed: Pressed, now: number): void => write(withPressed(read(storage), pressed, now)),
    forget: (slot: string): void => write(read(storage).filter((each) => each.slot !== slot)),
  };
};

import type { Agenda } from './agenda.ts';
import { PRICE_MAX } from './goods.ts';
import type { Plan } from './plan.ts';
import type { Random, createZipf } from './random.ts';
import type { ItemsOrderRequest, Simulation } from './simulation.ts';

/** How an order ends. */
export type Fate = 'paid' | 'paid later' | 'refunded' | 'cancelled' | 'expired' | 'pending';

/** The share of each fate; the rest is paid at once. */
const FATES: readonly (readonly [Fate, number])[] = [
  ['cancelled', 0.01],
  ['expired', 0.01],
  ['refunded', 0.02],
  ['paid later', 0.05],
];
const REFUND = { whole: 0.6, restocked: 0.7, withinMs: 7 * 86_400_000 };
const REASONS = ['changed my mind', 'damaged', 'late', 'not as described'] as const;
/** The expiry polls twice a second. */
const EXPIRY_LATE_MS = 500;

const LINES = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4] as const;
const QUANTITIES = [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5] as const;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The largest total of an order. */
export const TOTAL_MAX = Math.max(...LINES) * Math.max(...QUANTITIES) * PRICE_MAX;

/** Usual amounts of charges. */
const CHARGES = [
  10_000, 20_000, 30_000, 50_000, 100_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000,
] as const;

const STOCK = { min: 20, weeks: 1.5, lowWeeks: 0.2, step: 10 };

interface Market {
  readonly plan: Plan;
  readonly random: Random;
  readonly simulation: Simulation;
  readonly agenda: Agenda;
  readonly popularity: ReturnType<typeof createZipf>;
  /** Called with an order that will not change any more. */
  readonly settle: (orderId: string) => void;
}

/** The actions of buyers and of the shop around an order: charges, deliveries, orders, refunds. */
export const createBuying = ({ plan, random, simulation, agenda, popularity, settle }: Market) => {
  const { balanceMax, reservationMs, pendingMax } = plan.settings;
  const goods: string[] = [];
  const weekly: number[] = [];
  const indexes = new Map<string, number>();
  const unitsPerWeek = (plan.orders * mean(LINES) * mean(QUANTITIES) * 7) / plan.days;

  const roundUp = (units: number): number => Math.ceil(units / STOCK.step) * STOCK.step;

  const offer = (page: { name: string; price: number }, time: Date): void => {
    const index = goods.length;
    const demand = popularity.shareOf(index) * unitsPerWeek;
    const stock = roundUp(Math.max(STOCK.min, demand * STOCK.weeks));
    const productId = simulation.create({ ...page, stock }, time);
    goods.push(productId);
    weekly.push(demand);
    indexes.set(productId, index);
  };

  const drawRequest = (userId: string): ItemsOrderRequest => {
    const quantities = new Map<string, number>();
    for (let lines = random.pick(LINES); lines > 0; lines--) {
      quantities.set(goods[popularity.draw()]!, random.pick(QUANTITIES));
    }
    return {
      userId,
      items: Array.from(quantities, ([productId, quantity]) => ({ productId, quantity })),
    };
  };

  const supply = ({ items }: ItemsOrderRequest, time: Date): void => {
    for (const { productId, quantity } of items) {
      const demand = weekly[indexes.get(productId)!]!;
      if (simulation.availableOf(productId) < Math.max(quantity, demand * STOCK.lowWeeks)) {
        simulation.deliver(productId, roundUp(Math.max(quantity, STOCK.min, demand)), time);
      }
    }
  };

  /** Charges the wallet if its balance is too low. */
  const charge = (request: ItemsOrderRequest, time: Date): void => {
    const balance = simulation.balanceOf(request.userId);
    const missing = simulation.totalOf(request) - balance;
    if (missing <= 0) return;
    const generous = missing * (1 + 2 * random.next());
    const amount = CHARGES.find((each) => each >= generous) ?? CHARGES.at(-1)!;
    simulation.charge(request.userId, Math.min(amount, balanceMax - balance), time);
  };

  const regret = (orderId: string, paidAt: Date): void => {
    const left = plan.until.getTime() - paidAt.getTime();
    const delay = Math.floor(random.next() * Math.min(REFUND.withinMs, left));
    agenda.add(paidAt.getTime() + delay, (time) => {
      const { productId, quantity } = random.pick(simulation.order(orderId).lines);
      const part = [{ productId, quantity: random.between(1, quantity) }];
      const items = random.chance(REFUND.whole) ? undefined : part;
      const restock = random.chance(REFUND.restocked);
      simulation.refund({ orderId, items, restock, reason: random.pick(REASONS) }, time);
      settle(orderId);
    });
  };

  const reserve = (request: ItemsOrderRequest, fate: Fate, time: Date): void => {
    const orderId = simulation.place(request, time);
    if (fate === 'pending') return;
    const expiresAt = time.getTime() + reservationMs;
    const soon = time.getTime() + Math.floor(random.next() * 0.9 * reservationMs);
    const end = fate === 'expired' ? expiresAt + random.between(0, EXPIRY_LATE_MS) : soon;
    agenda.add(end, (later) => {
      if (fate === 'expired') simulation.expire(orderId, later);
      else if (fate === 'cancelled') simulation.cancel(orderId, later);
      else {
        charge(request, later);
        simulation.pay(orderId, later);
      }
      settle(orderId);
    });
  };

  return {
    /** Creates the next product, with stock for a week and a half. */
    offer,
    drawRequest,
    charge,

    drawFate: (): Fate => {
      let drawn = random.next();
      for (const [fate, probability] of FATES) {
        drawn -= probability;
        if (drawn < 0) return fate;
      }
      return 'paid';
    },

    /** Orders; a user with the maximum number of pending orders pays at once. */
    order: (request: ItemsOrderRequest, fate: Fate, time: Date): void => {
      supply(request, time);
      const reserves = fate !== 'paid' && fate !== 'refunded';
      if (reserves && simulation.pendingOrdersOf(request.userId) < pendingMax) {
        reserve(request, fate, time);
        return;
      }
      charge(request, time);
      const orderId = simulation.checkout(request, time);
      if (fate === 'refunded') regret(orderId, time);
      else settle(orderId);
    },
  };
};

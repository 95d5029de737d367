import type { Call } from './calls.ts';
import type { Draws } from './draws.ts';
import type { OrderBody } from './ledger.ts';
import { CUSTOMERS, type Item } from './shop.ts';
import type { Round, Workplace } from './workload.ts';

const LINES_MAX = 3;
const QUANTITY_MAX = 3;

/** Some units of one to three products that never sell out. */
const drawItems = ({ shelf }: Workplace, draws: Draws): Item[] => {
  const wanted = new Map<string, number>();
  for (let lines = draws.between(1, LINES_MAX); lines > 0; lines--) {
    wanted.set(draws.pick(shelf).productId, draws.between(1, QUANTITY_MAX));
  }
  return [...wanted].map(([productId, quantity]) => ({ productId, quantity }));
};

/** A charge, a withdrawal or a checkout of a random customer. */
export const drawCall = (workplace: Workplace, draws: Draws, key: string): Call => {
  const { callsOf } = workplace;
  const userId = draws.pick(CUSTOMERS);
  const share = draws.between(1, 100);
  if (share <= 35) return callsOf.charge(key, userId, draws.between(1, 3_000));
  if (share <= 55) return callsOf.withdraw(key, userId, draws.between(1, 2_500));
  return callsOf.checkOut(key, userId, drawItems(workplace, draws));
};

/** Places an order and pays or cancels it. */
const orderInSteps: Round = async (workplace, draws, name) => {
  const { calls, callsOf } = workplace;
  const items = drawItems(workplace, draws);
  const placed = await calls.settle(callsOf.place(`${name}-place`, draws.pick(CUSTOMERS), items));
  if (placed.kind === 'refused') return;
  const order = JSON.parse(placed.text) as OrderBody;
  if (draws.chance(0.7)) {
    const paid = await calls.settle(callsOf.pay(`${name}-pay`, order));
    if (paid.kind === 'effect') return;
  }
  await calls.settle(callsOf.cancel(`${name}-cancel`, order));
};

/** Buys in one step, and returns all or a part of it in a third of the cases. */
const buyAndReturn: Round = async (workplace, draws, name) => {
  const { calls, callsOf } = workplace;
  const items = drawItems(workplace, draws);
  const bought = await calls.settle(callsOf.checkOut(`${name}-buy`, draws.pick(CUSTOMERS), items));
  if (bought.kind === 'refused' || !draws.chance(0.35)) return;
  const returned = draws.chance(0.5) ? undefined : [{ ...draws.pick(items), quantity: 1 }];
  const order = JSON.parse(bought.text) as OrderBody;
  await calls.settle(callsOf.refund(`${name}-refund`, order, returned, draws.chance(0.7)));
};

/** One movement of money: the bank workload of Jepsen, with the doors of a shop. */
export const moveMoney: Round = async (workplace, draws, name) => {
  const { calls, callsOf } = workplace;
  const userId = draws.pick(CUSTOMERS);
  const share = draws.between(1, 100);
  if (share <= 30) {
    await calls.settle(callsOf.charge(`${name}-charge`, userId, draws.between(1, 5_000)));
  } else if (share <= 45) {
    const amount = draws.between(1, 4_000);
    await calls.settle(callsOf.withdraw(`${name}-withdraw`, userId, amount));
  } else if (share <= 65) await orderInSteps(workplace, draws, name);
  else await buyAndReturn(workplace, draws, name);
};

import type { Settled } from './calls.ts';
import type { Draws } from './draws.ts';
import type { OrderBody } from './ledger.ts';
import { RACERS, createProduct, type Product } from './shop.ts';
import type { Round, Workplace } from './workload.ts';

const STOCK_MAX = 10;
const PRICE = 10;
/** Buyers beyond the units, so that some must be refused. */
const LEFT_OVER_MAX = 12;
const READ_ATTEMPTS = 20;

interface Race {
  readonly product: Product;
  readonly name: string;
  /** Whether buyers reserve first, and then pay or cancel. */
  readonly inSteps: boolean;
}

interface Bought {
  readonly units: number;
  /** Whether an attempt without an answer may still buy. */
  readonly isUndecided: boolean;
}

const NOTHING = { units: 0, isUndecided: false };
const boughtBy = (settled: Settled): Bought =>
  settled.kind === 'effect'
    ? { units: 1, isUndecided: false }
    : { units: 0, isUndecided: settled.isUndecided };

const buyOne = async (
  { calls, callsOf }: Workplace,
  draws: Draws,
  { product: { productId }, name, inSteps }: Race,
  buyer: number,
): Promise<Bought> => {
  const userId = RACERS[buyer % RACERS.length]!;
  const key = `${name}-${buyer}`;
  const items = [{ productId, quantity: 1 }];
  // Drawn before the first wait, so that the order of the answers does not change the choices.
  const pays = draws.chance(0.7);
  if (!inSteps) return boughtBy(await calls.settle(callsOf.checkOut(key, userId, items)));

  const placed = await calls.settle(callsOf.place(key, userId, items));
  if (placed.kind === 'refused') return { ...NOTHING, isUndecided: placed.isUndecided };
  const order = JSON.parse(placed.text) as OrderBody;
  if (pays) return boughtBy(await calls.settle(callsOf.pay(`${key}-pay`, order)));
  await calls.settle(callsOf.cancel(`${key}-cancel`, order));
  return NOTHING;
};

/** The stock that each process answers; a process that does not answer is left out. */
const readStocks = async (
  { calls, urls }: Workplace,
  productId: string,
): Promise<readonly number[]> => {
  for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
    const products = await Promise.all(
      urls().map((url) => calls.read<Product>(`/v1/products/${productId}`, url)),
    );
    const stocks = products.flatMap((product) => product?.stock ?? []);
    if (stocks.length > 0) return stocks;
    await calls.read(`/v1/products/${productId}`);
  }
  return [];
};

/**
 * A product with a few units and more buyers at once, at every process. Judged by the client's own
 * count: no more units are paid than there were, and what each process shows as left is the rest.
 */
export const raceForStock: Round = async (workplace, draws, name) => {
  const { calls, callsOf, findings } = workplace;
  const stock = draws.between(1, STOCK_MAX);
  const product = await createProduct(calls, callsOf, { key: name, price: PRICE, stock });
  const race = { product, name, inSteps: draws.chance(0.5) };
  const buyers = stock + draws.between(1, LEFT_OVER_MAX);
  const bought = await Promise.all(
    Array.from({ length: buyers }, (_, buyer) => buyOne(workplace, draws, race, buyer)),
  );
  const sold = bought.reduce((sum, { units }) => sum + units, 0);
  const isUndecided = bought.some((each) => each.isUndecided);
  const left = await readStocks(workplace, product.productId);

  const violate = (expected: string, found: string): void => {
    const subject = `product ${product.productId}`;
    findings.violate({ check: 'stock', subject, expected, found, keys: [name] });
  };
  findings.made('stock');
  if (sold > stock) violate(`at most ${stock} units sold`, `${sold} units sold`);
  // An attempt without an answer may still buy a unit; the ledger judges it at the end.
  if (isUndecided) return;
  if (!race.inSteps && sold !== stock) {
    violate(`all ${stock} units sold to ${buyers} buyers`, `${sold} units sold`);
  }
  for (const units of left) {
    if (sold + units !== stock) {
      violate(`${sold} sold + ${stock - sold} left = ${stock}`, `${units} left`);
    }
  }
};

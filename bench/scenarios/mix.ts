import { checkoutSpread } from './checkout-spread.ts';
import { productRead } from './product-read.ts';
import { walletRead } from './wallet-read.ts';
import { get, type Operation, type Scenario, type Shop, type Turn } from '../scenario.ts';

function* listProducts(): Operation {
  yield { request: get('/v1/products?limit=20'), status: 200 };
}

function* readBestSellers(): Operation {
  yield { request: get('/v1/best-sellers?days=3&limit=5'), status: 200 };
}

/** Of twenty operations, what the shares of a busy shop are: ten reads for each order. */
const sharesOf = (shop: Shop): readonly ((turn: Turn) => Operation)[] => [
  ...Array.from({ length: 9 }, () => productRead.begin(shop)),
  ...Array.from({ length: 4 }, () => listProducts),
  ...Array.from({ length: 3 }, () => readBestSellers),
  ...Array.from({ length: 2 }, () => walletRead.begin(shop)),
  ...Array.from({ length: 2 }, () => checkoutSpread.begin(shop)),
];

export const mix: Scenario = {
  title: "a shop's mix: of 20, 9 product pages, 4 lists, 3 best sellers, 2 balances, 2 orders",
  operation: 'operation',
  connections: [32, 256],
  baselines: ['batches of one'],
  begin: (shop) => {
    const shares = sharesOf(shop);
    return (turn) => shares[(turn.count * 7) % shares.length]!(turn);
  },
};

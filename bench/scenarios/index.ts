import type { Scenario } from '../scenario.ts';
import { bestSellers } from './best-sellers.ts';
import { cartCheckout } from './cart-checkout.ts';
import { checkoutSpread } from './checkout-spread.ts';
import { hotProduct } from './hot-product.ts';
import { hotWallet } from './hot-wallet.ts';
import { liveStreams } from './live-streams.ts';
import { loneOrder } from './lone-order.ts';
import { mix } from './mix.ts';
import { overload } from './overload.ts';
import { productRead } from './product-read.ts';
import { relayDrain } from './relay-drain.ts';
import { tenLines } from './ten-lines.ts';
import { twoStepOrder } from './two-step-order.ts';
import { walletRead } from './wallet-read.ts';

/** All scenarios by the names that the command takes. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'checkout-spread': checkoutSpread,
  'lone-order': loneOrder,
  'hot-product': hotProduct,
  'hot-wallet': hotWallet,
  'ten-lines': tenLines,
  'two-step-order': twoStepOrder,
  'cart-checkout': cartCheckout,
  'product-read': productRead,
  'best-sellers': bestSellers,
  'wallet-read': walletRead,
  mix,
  overload,
  'relay-drain': relayDrain,
  'live-streams': liveStreams,
};

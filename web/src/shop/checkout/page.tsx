import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { useLiveProducts } from '../../api/live.tsx';
import { cartQuery, productQuery, walletQuery } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { isId, newId } from '../new-id.ts';
import { checkoutMessages } from './messages.ts';
import { Loading } from './loading.tsx';
import { lineOfProduct, linesOfCart } from './purchase.ts';
import { Sheet } from './sheet.tsx';
import classes from './checkout.module.css';

const route = getRouteApi('/shop/mine/checkout');

interface Read {
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** The first read that failed, with a way to read again. */
const Failed = ({ reads }: { readonly reads: readonly Read[] }) => {
  const failed = reads.find(({ error }) => error !== null);
  return (
    <ProblemNotice
      problem={problemIn(failed?.error)}
      onRetry={() => {
        for (const { refetch } of reads) void refetch();
      }}
    />
  );
};

const CartCheckout = ({ userId }: { readonly userId: string }): ReactNode => {
  const cart = useQuery(cartQuery);
  const wallet = useQuery(walletQuery);
  const lines = useMemo(() => (cart.data === undefined ? [] : linesOfCart(cart.data)), [cart.data]);
  useLiveProducts(useMemo(() => lines.map(({ productId }) => productId), [lines]));
  if (cart.data === undefined || wallet.data === undefined)
    return cart.isError || wallet.isError ? <Failed reads={[cart, wallet]} /> : <Loading />;
  const { balance, currency } = wallet.data;
  const { version } = cart.data;
  return (
    <Sheet
      purchase={{ from: 'cart', userId, version }}
      lines={lines}
      balance={balance}
      currency={currency}
    />
  );
};

interface ProductCheckoutProps {
  readonly userId: string;
  readonly productId: string;
  readonly quantity: number;
  readonly intent: string;
}

const ProductCheckout = ({ userId, productId, quantity, intent }: ProductCheckoutProps) => {
  const product = useQuery(productQuery(productId));
  const wallet = useQuery(walletQuery);
  useLiveProducts([productId]);
  const lines = useMemo(
    () => (product.data === undefined ? [] : [lineOfProduct(product.data, quantity)]),
    [product.data, quantity],
  );
  if (product.data === undefined || wallet.data === undefined)
    return product.isError || wallet.isError ? <Failed reads={[product, wallet]} /> : <Loading />;
  const { balance, currency } = wallet.data;
  return (
    <Sheet
      purchase={{ from: 'product', userId, intent, productId, quantity }}
      lines={lines}
      balance={balance}
      currency={currency}
    />
  );
};

/** More of one product than a line of an order takes is never asked for. */
const QUANTITY_MAX = 9_999;

const quantityIn = (value: number | undefined): number =>
  Math.min(QUANTITY_MAX, Math.max(1, Math.trunc(value ?? 1)));

/** Checkout of the cart, or of one product; the id of that purchase stays in the address. */
export const CheckoutPage = () => {
  usePageTitle(useMessages(checkoutMessages).title);
  const { product, quantity, intent } = route.useSearch();
  const session = useSession();
  const [made] = useState(newId);
  if (session === undefined || session === null) return <Loading />;
  if (product === undefined)
    return (
      <div className={classes.page}>
        <CartCheckout userId={session.id} />
      </div>
    );
  if (!isId(intent))
    return (
      <Navigate
        to="/checkout"
        search={{ product, quantity: quantityIn(quantity), intent: made }}
        replace
      />
    );
  return (
    <div className={classes.page}>
      <ProductCheckout
        key={intent}
        userId={session.id}
        productId={product}
        quantity={quantityIn(quantity)}
        intent={intent}
      />
    </div>
  );
};

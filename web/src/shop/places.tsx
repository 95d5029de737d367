import { Indicator } from '@mantine/core';
import { IconHome, IconReceipt, IconShoppingCart, IconWallet } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type MouseEvent, type ReactNode } from 'react';
import { cartQuery, walletQuery } from '../api/queries.ts';
import { useIsLeaving, type SignedIn } from '../api/session.ts';
import { useFormat } from '../i18n/format.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { lazyPart } from '../parts/lazy-part.tsx';
import { LinkButton, LinkIcon } from '../parts/link.tsx';
import { openCart, useCartOpened } from './cart/opened.ts';
import classes from './layout.module.css';

const messages = defineMessages({
  en: {
    home: 'Shop',
    cart: 'Cart',
    cartOf: (count: number) => {
      if (count === 0) return 'Cart';
      return count === 1 ? 'Cart, 1 product' : `Cart, ${count} products`;
    },
    orders: 'Orders',
    wallet: 'Wallet',
    balance: (amount: string) => `Wallet, balance ${amount}`,
    tabs: 'Tabs',
  },
  ko: {
    home: '가게',
    cart: '장바구니',
    cartOf: (count: number) => (count === 0 ? '장바구니' : `장바구니, 상품 ${count}개`),
    orders: '주문',
    wallet: '지갑',
    balance: (amount: string) => `지갑, 잔액 ${amount}`,
    tabs: '아래 메뉴',
  },
});

// The drawer is loaded when it opens for the first time.
const CartDrawer = lazyPart(() => import('./cart/drawer.tsx'));

/** Opens the drawer instead of the page of the cart, except in a new tab or on that page. */
const showDrawer = (event: MouseEvent): void => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || location.pathname === '/cart') return;
  if (openCart()) event.preventDefault();
};

/** Stays once it was open, so that it can close softly. */
export const CartSide = () => {
  const isOpened = useCartOpened();
  const [wasOpened, setWasOpened] = useState(isOpened);
  if (isOpened && !wasOpened) setWasOpened(true);
  return wasOpened ? <CartDrawer /> : null;
};

const BalanceLink = () => {
  const t = useMessages(messages);
  const format = useFormat();
  const { data } = useQuery({ ...walletQuery, enabled: !useIsLeaving() });
  const amount = data === undefined ? undefined : format.money(data.balance, data.currency);
  return (
    <LinkButton
      to="/wallet"
      variant="subtle"
      color="gray"
      size="sm"
      className={classes.wide}
      leftSection={<IconWallet size={18} aria-hidden />}
      aria-label={amount === undefined ? t.wallet : t.balance(amount)}
    >
      {amount ?? t.wallet}
    </LinkButton>
  );
};

/** The products in the customer's cart. */
export const useCartCount = (session: SignedIn | null | undefined): number => {
  const isLeaving = useIsLeaving();
  const enabled = session?.role === 'customer' && !isLeaving;
  return useQuery({ ...cartQuery, enabled }).data?.items.length ?? 0;
};

const CartIcon = ({ count }: { readonly count: number }) => (
  <Indicator label={count} size={16} disabled={count === 0} offset={2}>
    <IconShoppingCart size={22} className={classes.cart} aria-hidden />
  </Indicator>
);

interface TabProps {
  readonly to: '/' | '/cart' | '/orders' | '/wallet';
  readonly label: string;
  readonly children: ReactNode;
}

const Tab = ({ to, label, children }: TabProps) => (
  <Link to={to} className={classes.tab} activeOptions={{ exact: to === '/' }}>
    {children}
    {label}
  </Link>
);

/** The places of a customer in the bar of a wide screen. */
export const CustomerLinks = ({ count }: { readonly count: number }) => {
  const t = useMessages(messages);
  return (
    <>
      <BalanceLink />
      <LinkButton
        to="/orders"
        variant="subtle"
        color="gray"
        size="sm"
        className={classes.wide}
        leftSection={<IconReceipt size={18} aria-hidden />}
      >
        {t.orders}
      </LinkButton>
      <LinkIcon
        to="/cart"
        variant="subtle"
        color="gray"
        size="lg"
        className={classes.wide}
        aria-label={t.cartOf(count)}
        onClick={showDrawer}
      >
        <CartIcon count={count} />
      </LinkIcon>
    </>
  );
};

/** The same places at the thumb, on a phone. */
export const Tabs = ({ count }: { readonly count: number }) => {
  const t = useMessages(messages);
  return (
    <nav className={`${classes.tabs} no-print`} aria-label={t.tabs}>
      <Tab to="/" label={t.home}>
        <IconHome size={22} aria-hidden />
      </Tab>
      <Tab to="/cart" label={t.cart}>
        <CartIcon count={count} />
      </Tab>
      <Tab to="/orders" label={t.orders}>
        <IconReceipt size={22} aria-hidden />
      </Tab>
      <Tab to="/wallet" label={t.wallet}>
        <IconWallet size={22} aria-hidden />
      </Tab>
    </nav>
  );
};

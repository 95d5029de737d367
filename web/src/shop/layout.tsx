import { ActionIcon, Anchor, Container, Group, Indicator } from '@mantine/core';
import { IconHome, IconReceipt, IconShoppingCart, IconWallet } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useState, type MouseEvent, type ReactNode } from 'react';
import { cartQuery, walletQuery } from '../api/queries.ts';
import { useSession, type SignedIn } from '../api/session.ts';
import { useFormat } from '../i18n/format.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LinkButton, LinkIcon } from '../parts/link.tsx';
import { LanguageSwitch, SchemeSwitch } from '../parts/preferences.tsx';
import { openCart, useCartOpened } from './cart/opened.ts';
import classes from './layout.module.css';

const messages = defineMessages({
  en: {
    skip: 'To the content',
    home: 'Shop',
    cart: 'Cart',
    cartOf: (count: number) => (count === 0 ? 'Cart' : `Cart, ${count} products`),
    orders: 'Orders',
    wallet: 'Wallet',
    balance: (amount: string) => `Wallet, balance ${amount}`,
    signIn: 'Sign in',
    console: 'Console',
    main: 'Main',
    tabs: 'Tabs',
  },
  ko: {
    skip: '본문으로 가기',
    home: '가게',
    cart: '장바구니',
    cartOf: (count: number) => (count === 0 ? '장바구니' : `장바구니, 상품 ${count}개`),
    orders: '주문',
    wallet: '지갑',
    balance: (amount: string) => `지갑, 잔액 ${amount}`,
    signIn: '로그인',
    console: '관리 화면',
    main: '주요 메뉴',
    tabs: '아래 메뉴',
  },
});

// The drawer is loaded when it opens for the first time.
const CartDrawer = lazy(() => import('./cart/drawer.tsx'));

/** Opens the drawer instead of the page of the cart, except in a new tab or on that page. */
const showDrawer = (event: MouseEvent): void => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || location.pathname === '/cart') return;
  if (openCart()) event.preventDefault();
};

/** Stays once it was open, so that it can close softly. */
const CartSide = () => {
  const isOpened = useCartOpened();
  const [wasOpened, setWasOpened] = useState(isOpened);
  if (isOpened && !wasOpened) setWasOpened(true);
  return wasOpened ? (
    <Suspense>
      <CartDrawer />
    </Suspense>
  ) : null;
};

// A menu would be a tenth of what the first page loads.
const AccountMenu = lazy(() => import('./account-menu.tsx'));

const BalanceLink = () => {
  const t = useMessages(messages);
  const format = useFormat();
  const { data } = useQuery(walletQuery);
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

const useCartCount = (session: SignedIn | null | undefined): number =>
  useQuery({ ...cartQuery, enabled: session?.role === 'customer' }).data?.items.length ?? 0;

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

const CustomerLinks = ({ count }: { readonly count: number }) => {
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

const Tabs = ({ count }: { readonly count: number }) => {
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

/** The frame of the shop: a bar on top, and tabs at the thumb on a phone. */
export const ShopLayout = () => {
  const t = useMessages(messages);
  const session = useSession();
  const count = useCartCount(session);
  const href = useRouterState({ select: ({ location }) => location.href });
  const isCustomer = session?.role === 'customer';
  return (
    <>
      <Anchor href="#content" className={classes.skip}>
        {t.skip}
      </Anchor>
      <header className={`${classes.bar} no-print`}>
        <Container size={1120} px="md" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
            <Link to="/" className={classes.brand} aria-label="Moa 모아">
              <img src="/assets/moa.svg" alt="" width={28} height={28} /> Moa
            </Link>
            <Group component="nav" aria-label={t.main} gap={4} wrap="nowrap">
              {isCustomer ? <CustomerLinks count={count} /> : null}
              {session?.role === 'staff' ? (
                <LinkButton to="/console" size="sm" variant="light">
                  {t.console}
                </LinkButton>
              ) : null}
              <LanguageSwitch />
              <SchemeSwitch />
              {session === null && !/^\/sign-(?:in|up)\b/.test(href) ? (
                <LinkButton to="/sign-in" search={{ to: href }} size="sm" variant="light">
                  {t.signIn}
                </LinkButton>
              ) : null}
              {session ? (
                <Suspense fallback={<ActionIcon variant="subtle" size="lg" loading />}>
                  <AccountMenu session={session} />
                </Suspense>
              ) : null}
            </Group>
          </Group>
        </Container>
      </header>
      <Container component="main" id="content" size={1120} px="md" className={classes.content}>
        <Outlet />
      </Container>
      {isCustomer ? <Tabs count={count} /> : null}
      {isCustomer ? <CartSide /> : null}
    </>
  );
};

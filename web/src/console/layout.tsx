import '../styles/console.css';
import { Group } from '@mantine/core';
import {
  IconBox,
  IconBuildingStore,
  IconGauge,
  IconReceipt,
  IconSend,
  IconSettings,
  IconShieldCheck,
  IconWallet,
} from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useSession } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LanguageSwitch, SchemeSwitch } from '../parts/preferences.tsx';
import { SignedOut } from '../parts/signed-out.tsx';
import classes from './layout.module.css';
import { LinkPlace } from './parts/link-place.tsx';
import { Person } from './person.tsx';
import { RefusedPage } from './refused.tsx';
import { Search } from './search/search.tsx';
import { useSampling } from './today/use-samples.ts';

const messages = defineMessages({
  en: {
    console: 'Console',
    skip: 'To the content',
    today: 'Today',
    orders: 'Orders',
    products: 'Products',
    wallets: 'Wallets',
    delivery: 'Delivery',
    proof: 'Proof',
    settings: 'Settings',
    shop: 'To the shop',
  },
  ko: {
    console: '관리 화면',
    skip: '본문으로 가기',
    today: '오늘',
    orders: '주문',
    products: '상품',
    wallets: '지갑',
    delivery: '전송',
    proof: '증명',
    settings: '설정',
    shop: '가게로 가기',
  },
});

const PLACES = [
  { to: '/console', name: 'today', icon: IconGauge },
  { to: '/console/orders', name: 'orders', icon: IconReceipt },
  { to: '/console/products', name: 'products', icon: IconBox },
  { to: '/console/wallets', name: 'wallets', icon: IconWallet },
  { to: '/console/delivery', name: 'delivery', icon: IconSend },
  { to: '/console/proof', name: 'proof', icon: IconShieldCheck },
  { to: '/console/settings', name: 'settings', icon: IconSettings },
] as const;

/** The frame of the console, for staff only. */
export const ConsoleLayout = () => {
  const t = useMessages(messages);
  const session = useSession();
  useSampling();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (session === undefined) return null;
  if (session === null) {
    return (
      <main className={classes.refused}>
        <SignedOut />
      </main>
    );
  }
  if (session.role !== 'staff') return <RefusedPage />;
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t.skip}
      </a>
      <header className={classes.side}>
        <Link to="/console" className={classes.brand}>
          <img src="/assets/moa.svg" alt="" width={24} height={24} /> Moa
        </Link>
        <div className={classes.search}>
          <Search userId={session.id} />
        </div>
        <nav className={classes.places} aria-label={t.console}>
          {PLACES.map(({ to, name, icon: Icon }) => (
            <LinkPlace
              key={to}
              to={to}
              activeOptions={{ exact: to === '/console' }}
              label={t[name]}
              leftSection={<Icon size={18} aria-hidden />}
              active={to === '/console' ? path.replace(/\/$/, '') === to : path.startsWith(to)}
            />
          ))}
          <LinkPlace
            to="/"
            activeOptions={{ exact: true }}
            label={t.shop}
            className={classes.shop}
            leftSection={<IconBuildingStore size={18} aria-hidden />}
          />
        </nav>
        <div className={classes.foot}>
          <Group gap={4} wrap="nowrap" px={4}>
            <LanguageSwitch />
            <SchemeSwitch />
          </Group>
          <Person session={session} />
        </div>
      </header>
      <main id="content" className={classes.content} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
};

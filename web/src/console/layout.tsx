import '../styles/console.css';
import { Group } from '@mantine/core';
import {
  IconBox,
  IconBuildingStore,
  IconGauge,
  IconReceipt,
  IconSend,
  IconSettings,
  IconWallet,
} from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useSession } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LinkPlace } from '../parts/link.tsx';
import { LanguageSwitch, SchemeSwitch } from '../parts/preferences.tsx';
import classes from './layout.module.css';
import { RefusedPage } from './refused.tsx';
import { useSampling } from './today/use-samples.ts';

const messages = defineMessages({
  en: {
    console: 'Console',
    today: 'Today',
    orders: 'Orders',
    products: 'Products',
    wallets: 'Wallets',
    delivery: 'Delivery',
    settings: 'Settings',
    shop: 'To the shop',
  },
  ko: {
    console: '관리 화면',
    today: '오늘',
    orders: '주문',
    products: '상품',
    wallets: '지갑',
    delivery: '전송',
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
  { to: '/console/settings', name: 'settings', icon: IconSettings },
] as const;

/** The frame of the console, for staff only. */
export const ConsoleLayout = () => {
  const t = useMessages(messages);
  const session = useSession();
  useSampling();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (session === undefined) return null;
  if (session?.role !== 'staff') return <RefusedPage />;
  return (
    <div className={classes.frame}>
      <nav className={classes.side} aria-label={t.console}>
        <Link to="/console" className={classes.brand}>
          <img src="/assets/moa.svg" alt="" width={24} height={24} /> Moa
        </Link>
        <div className={classes.places}>
          {PLACES.map(({ to, name, icon: Icon }) => (
            <LinkPlace
              key={to}
              to={to}
              label={t[name]}
              leftSection={<Icon size={18} aria-hidden />}
              active={to === '/console' ? path.replace(/\/$/, '') === to : path.startsWith(to)}
            />
          ))}
        </div>
        <div className={classes.foot}>
          <LinkPlace
            to="/"
            label={t.shop}
            leftSection={<IconBuildingStore size={18} aria-hidden />}
          />
          <Group gap={4}>
            <LanguageSwitch />
            <SchemeSwitch />
          </Group>
        </div>
      </nav>
      <main className={classes.content}>
        <Outlet />
      </main>
    </div>
  );
};

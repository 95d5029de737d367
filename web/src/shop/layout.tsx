import { ActionIcon, Anchor, Container, Group } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useSession } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { lazyPart } from '../parts/lazy-part.tsx';
import { LinkButton } from '../parts/link.tsx';
import { LanguageSwitch, SchemeSwitch } from '../parts/preferences.tsx';
import classes from './layout.module.css';
import { CartSide, CustomerLinks, Tabs, useCartCount } from './places.tsx';

const messages = defineMessages({
  en: {
    skip: 'To the content',
    signIn: 'Sign in',
    console: 'Console',
    main: 'Main',
    account: 'Load the account menu again',
  },
  ko: {
    skip: '본문으로 가기',
    signIn: '로그인',
    console: '관리 화면',
    main: '주요 메뉴',
    account: '계정 메뉴 다시 불러오기',
  },
});

// A menu would be a tenth of what the first page loads.
const AccountMenu = lazyPart(() => import('./account-menu.tsx'), {
  Waiting: () => <ActionIcon variant="subtle" size="lg" loading />,
  Failed: ({ onRetry }) => {
    const t = useMessages(messages);
    return (
      <ActionIcon variant="subtle" size="lg" aria-label={t.account} onClick={onRetry}>
        <IconRefresh size={20} aria-hidden />
      </ActionIcon>
    );
  },
});

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
              {session ? <AccountMenu session={session} /> : null}
            </Group>
          </Group>
        </Container>
      </header>
      <Container
        component="main"
        id="content"
        size={1120}
        px="md"
        className={classes.content}
        data-tabs={isCustomer || undefined}
      >
        <Outlet />
      </Container>
      {isCustomer ? <Tabs count={count} /> : null}
      {isCustomer ? <CartSide /> : null}
    </>
  );
};

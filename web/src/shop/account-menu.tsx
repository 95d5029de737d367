import { ActionIcon, Menu } from '@mantine/core';
import { IconLogout, IconSettings, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { sendToSignIn, sessionQuery, type SignedIn } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';

const messages = defineMessages({
  en: {
    account: (name: string) => `Account of ${name}`,
    console: 'Console',
    signOut: 'Sign out',
  },
  ko: {
    account: (name: string) => `${name}님의 계정`,
    console: '관리 화면',
    signOut: '로그아웃',
  },
});

/** Who signed in, the way to the console for staff, and the way out. */
const AccountMenu = ({ session }: { readonly session: SignedIn }) => {
  const t = useMessages(messages);
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = async (): Promise<void> => {
    await sendToSignIn('sign-out');
    // What the last person saw must not flash up for the next one.
    client.clear();
    client.setQueryData(sessionQuery.queryKey, null);
    await navigate({ to: '/' });
  };
  return (
    // The placeholder is a child that a menu may not have (WAI-ARIA 1.2, "menu").
    <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.account(session.name)}>
          <IconUser size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.email}</Menu.Label>
        {session.role === 'staff' ? (
          <Menu.Item
            leftSection={<IconSettings size={16} aria-hidden />}
            onClick={() => void navigate({ to: '/console' })}
          >
            {t.console}
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut()}
        >
          {t.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

export default AccountMenu;

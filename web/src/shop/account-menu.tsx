import { ActionIcon, Menu, VisuallyHidden } from '@mantine/core';
import { IconLogout, IconSettings, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { SignedIn } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { useProblemText } from '../parts/problem-notice.tsx';
import { useSignOut } from '../sign-in/use-sign-out.ts';

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
  const text = useProblemText();
  const navigate = useNavigate();
  const { signOut, isBusy, problem } = useSignOut(() => navigate({ to: '/' }));
  return (
    // The placeholder is a child that a menu may not have (WAI-ARIA 1.2, "menu").
    <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.account(session.name)}>
          <IconUser size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      {/* Read out from outside the menu, which may hold items only. */}
      {problem === undefined ? null : <VisuallyHidden role="alert">{text(problem)}</VisuallyHidden>}
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
          closeMenuOnClick={false}
          disabled={isBusy}
          onClick={signOut}
        >
          {t.signOut}
        </Menu.Item>
        {problem === undefined ? null : (
          <Menu.Label c="var(--moa-bad)" maw={240}>
            {text(problem)}
          </Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  );
};

export default AccountMenu;

import { ActionIcon } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { SignedIn } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { useProblemText } from '../parts/problem-notice.tsx';
import { useSignOut } from '../sign-in/use-sign-out.ts';
import classes from './person.module.css';

const messages = defineMessages({
  en: { signOut: 'Sign out', signedIn: (name: string) => `Signed in as ${name}` },
  ko: { signOut: '로그아웃', signedIn: (name: string) => `${name}님으로 로그인했어요` },
});

/** Who signed in, and the way out. */
export const Person = ({ session }: { readonly session: SignedIn }) => {
  const t = useMessages(messages);
  const text = useProblemText();
  const navigate = useNavigate();
  // The session has ended then: nothing that is typed in could be saved.
  const { signOut, isBusy, problem } = useSignOut(() => navigate({ to: '/', ignoreBlocker: true }));
  return (
    <div className={classes.person}>
      <div className={classes.who} title={t.signedIn(session.name)}>
        <div className={classes.name}>{session.name}</div>
        <div className={classes.email}>{session.email}</div>
        {problem === undefined ? null : (
          <div role="alert" className={classes.problem}>
            {text(problem)}
          </div>
        )}
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t.signOut}
        title={t.signOut}
        loading={isBusy}
        onClick={signOut}
      >
        <IconLogout size={20} aria-hidden />
      </ActionIcon>
    </div>
  );
};

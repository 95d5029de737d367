import { Button, Stack } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LinkButton } from '../parts/link.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty } from '../parts/states.tsx';
import { useSignOut } from '../sign-in/use-sign-out.ts';
import classes from './layout.module.css';

const messages = defineMessages({
  en: {
    title: 'The console is for staff',
    text: 'You are signed in as a customer. Sign out and sign in with a staff account to see it.',
    signIn: 'Sign out and sign in as staff',
    shop: 'To the shop',
  },
  ko: {
    title: '관리 화면은 직원만 볼 수 있어요',
    text: '지금은 고객으로 로그인했어요. 로그아웃하고 직원 계정으로 로그인해 주세요.',
    signIn: '로그아웃하고 직원으로 로그인',
    shop: '가게로 가기',
  },
});

/** What a customer sees at an address of the console; staff sign in and come back to it. */
export const RefusedPage = () => {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const to = useLocation({ select: ({ href }) => href });
  const { signOut, isBusy, problem } = useSignOut(() =>
    navigate({ to: '/sign-in', search: { to } }),
  );
  return (
    <main className={classes.refused}>
      <Empty
        icon={<IconLock size={48} stroke={1.2} />}
        title={t.title}
        text={t.text}
        action={
          <Stack align="center" gap="xs">
            {problem === undefined ? null : <ProblemNotice problem={problem} />}
            <Button loading={isBusy} onClick={signOut}>
              {t.signIn}
            </Button>
            <LinkButton to="/" variant="subtle">
              {t.shop}
            </LinkButton>
          </Stack>
        }
      />
    </main>
  );
};

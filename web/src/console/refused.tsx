import { IconLock } from '@tabler/icons-react';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LinkButton } from '../parts/link.tsx';
import { Empty } from '../parts/states.tsx';
import classes from './layout.module.css';

const messages = defineMessages({
  en: {
    title: 'The console is for staff',
    text: 'You are signed in as a customer. Sign in with a staff account to see it.',
    signIn: 'Sign in as staff',
  },
  ko: {
    title: '관리 화면은 직원만 볼 수 있어요',
    text: '지금은 고객으로 로그인했어요. 직원 계정으로 로그인해 주세요.',
    signIn: '직원으로 로그인',
  },
});

/** What a customer sees at an address of the console. */
export const RefusedPage = () => {
  const t = useMessages(messages);
  return (
    <main className={classes.refused}>
      <Empty
        icon={<IconLock size={48} stroke={1.2} />}
        title={t.title}
        text={t.text}
        action={
          <LinkButton to="/sign-in" search={{ to: '/console' }}>
            {t.signIn}
          </LinkButton>
        }
      />
    </main>
  );
};

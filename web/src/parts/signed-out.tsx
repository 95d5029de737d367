import { IconDoorExit } from '@tabler/icons-react';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { SignInAgain } from './sign-in-again.tsx';
import { Empty } from './states.tsx';

const messages = defineMessages({
  en: {
    title: 'You are signed out',
    text: 'Sign in again, and you come back to this page.',
  },
  ko: {
    title: '로그아웃되었어요',
    text: '다시 로그인하면 이 화면으로 돌아와요.',
  },
});

/** A page of somebody whose session ended while it was open, as in another tab. */
export const SignedOut = () => {
  const t = useMessages(messages);
  return (
    <Empty
      icon={<IconDoorExit size={48} stroke={1.2} />}
      title={t.title}
      text={t.text}
      action={<SignInAgain size="sm" />}
    />
  );
};

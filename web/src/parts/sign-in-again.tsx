import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { LinkButton } from './link.tsx';

const messages = defineMessages({
  en: { signIn: 'Sign in again' },
  ko: { signIn: '다시 로그인하기' },
});

/** For somebody whose session has ended: signs in and comes back to this page. */
export const SignInAgain = ({ size = 'xs' }: { readonly size?: 'xs' | 'sm' }) => {
  const t = useMessages(messages);
  const client = useQueryClient();
  const to = useLocation({ select: ({ href }) => href });
  return (
    <LinkButton
      to="/sign-in"
      search={{ to }}
      size={size}
      onClick={() => client.setQueryData(sessionQuery.queryKey, null)}
    >
      {t.signIn}
    </LinkButton>
  );
};

import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Empty } from '../parts/states.tsx';
import { SignedOut } from '../parts/signed-out.tsx';

const messages = defineMessages({
  en: {
    title: (name: string) => `${name} is signed in now`,
    text: 'Somebody signed in with another account. Nothing has been paid on this page since.',
    goOn: (name: string) => `Continue as ${name}`,
  },
  ko: {
    title: (name: string) => `지금은 ${name}님으로 로그인되어 있어요`,
    text: '다른 계정으로 로그인했어요. 그 뒤로 이 화면에서 결제된 것은 없어요.',
    goOn: (name: string) => `${name}님으로 계속하기`,
  },
});

/** The pages of a customer, as long as the one who opened them is signed in. */
export const MyPages = () => {
  const t = useMessages(messages);
  const session = useSession();
  const [openedBy, setOpenedBy] = useState(session?.id);
  if (session === null) return <SignedOut />;
  if (session === undefined || session.id === openedBy) return <Outlet />;
  const { id, name } = session;
  if (openedBy === undefined) setOpenedBy(id);
  return (
    <Empty
      icon={<IconUsers size={48} stroke={1.2} />}
      title={t.title(name)}
      text={t.text}
      action={<Button onClick={() => setOpenedBy(id)}>{t.goOn(name)}</Button>}
    />
  );
};

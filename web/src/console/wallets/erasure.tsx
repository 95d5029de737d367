import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moa } from '../../api/moa.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Confirmation } from '../parts/confirmation.tsx';
import { refreshUser } from './queries.ts';

const messages = defineMessages({
  en: {
    erase: 'Erase the profile…',
    title: (user: string, id: string) =>
      user === id ? `Erase the profile of ${id}?` : `Erase the profile of ${user} (${id})?`,
    gone: 'The name, the metadata and the sign-in are erased. This cannot be undone.',
    stays: 'The wallet with its balance, the entries and the orders stay under the id.',
    action: 'Erase the profile',
    done: 'The profile is erased. The wallet and the orders stay under the id.',
  },
  ko: {
    erase: '개인 정보 지우기…',
    title: (user: string, id: string) =>
      user === id ? `${id}의 개인 정보를 지울까요?` : `${user}님(${id})의 개인 정보를 지울까요?`,
    gone: '이름, 메타데이터, 로그인 정보를 지워요. 되돌릴 수 없어요.',
    stays: '지갑과 잔액, 거래 내역, 주문은 id 아래에 그대로 남아요.',
    action: '개인 정보 지우기',
    done: '개인 정보를 지웠어요. 지갑과 주문은 id 아래에 남아 있어요.',
  },
});

interface ErasureProps {
  readonly userId: string;
  readonly user: string;
  readonly onDone: (note: string) => void;
}

/** Erases who a user is; the second step says what stays. */
export const Erasure = ({ userId, user, onDone }: ErasureProps) => {
  const t = useMessages(messages);
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const run = async () => {
    const result = await moa.calls.delete('/v1/users/{userId}/profile', { path: { userId } });
    await refreshUser(client, userId);
    if (result.ok) onDone(t.done);
    return result;
  };
  return (
    <>
      <Button size="xs" variant="subtle" color="var(--moa-bad)" onClick={() => setAsked(true)}>
        {t.erase}
      </Button>
      <Confirmation
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={t.title(user, userId)}
        effect={
          <>
            <div>{t.gone}</div>
            <div>{t.stays}</div>
          </>
        }
        action={t.action}
        run={run}
        onDone={() => setAsked(false)}
      />
    </>
  );
};

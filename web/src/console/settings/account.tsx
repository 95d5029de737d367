import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState, type SyntheticEvent } from 'react';
import { sendToSignIn, useSession, type SignInRefusal } from '../../api/session.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { checkNewPassword } from '../../sign-in/fields.ts';
import classes from './settings.module.css';

const messages = defineMessages({
  en: {
    account: 'Your account',
    current: 'Current password',
    next: 'New password',
    show: 'Show the password',
    hint: '8 to 128 characters',
    change: 'Change password',
    effect: 'All other browsers where you are signed in are signed out.',
    done: 'Your password was changed.',
    wrong: 'That is not your current password.',
    none: 'You sign in with another service; there is no password here.',
    length: 'A password has 8 to 128 characters.',
    characters: 'It has a character that cannot be seen. Type it instead of pasting it.',
  },
  ko: {
    account: '내 계정',
    current: '지금 비밀번호',
    next: '새 비밀번호',
    show: '비밀번호 보기',
    hint: '8자에서 128자',
    change: '비밀번호 바꾸기',
    effect: '로그인되어 있는 다른 브라우저는 모두 로그아웃돼요.',
    done: '비밀번호를 바꿨어요.',
    wrong: '지금 비밀번호와 달라요.',
    none: '다른 서비스로 로그인하는 계정이라 비밀번호가 없어요.',
    length: '비밀번호는 8자에서 128자예요.',
    characters: '보이지 않는 글자가 들어 있어요. 붙여 넣지 말고 직접 적어 주세요.',
  },
});

interface Refused {
  readonly current?: string;
  readonly next?: string;
  readonly problem?: ShownProblem;
}

/** Beside which field a refusal is shown. */
const useRefusal = (): ((refusal: SignInRefusal) => Refused) => {
  const t = useMessages(messages);
  return (refusal) => {
    const errorAt = (pointer: string) => refusal.errors?.find((each) => each.pointer === pointer);
    const current = errorAt('/currentPassword');
    if (current !== undefined) {
      return { current: current.message.includes('have no password') ? t.none : t.wrong };
    }
    if (errorAt('/newPassword') !== undefined) return { next: t.characters };
    return { problem: refusal };
  };
};

/** Who signed in, and the change of the password. */
export const Account = () => {
  const t = useMessages(messages);
  const session = useSession();
  const refusedBy = useRefusal();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const [refused, setRefused] = useState<Refused>({});
  const change = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setIsDone(false);
    if (checkNewPassword(next) !== undefined) {
      setRefused({ next: t.length });
      return;
    }
    setRefused({});
    setIsBusy(true);
    try {
      const body = { currentPassword: current, newPassword: next };
      const sent = await sendToSignIn('change-password', body);
      if (!sent.ok) {
        setRefused(refusedBy(sent.problem));
        return;
      }
      setCurrent('');
      setNext('');
      setIsDone(true);
    } catch (error) {
      setRefused({ problem: problemIn(error) });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className={classes.section} aria-label={t.account}>
      <Title order={2}>{t.account}</Title>
      <Text size="sm" c="dimmed" mb="md">
        {session?.name} · {session?.email}
      </Text>
      <form onSubmit={(event) => void change(event)}>
        <Stack maw={360}>
          {/* For password managers, which keep a password with its account. */}
          <input type="hidden" autoComplete="username" value={session?.email ?? ''} readOnly />
          <PasswordInput
            label={t.current}
            required
            autoComplete="current-password"
            value={current}
            error={refused.current}
            visibilityToggleFocusable
            visibilityToggleButtonProps={{ 'aria-label': t.show }}
            onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
          />
          <PasswordInput
            label={t.next}
            description={t.hint}
            required
            autoComplete="new-password"
            value={next}
            error={refused.next}
            visibilityToggleFocusable
            visibilityToggleButtonProps={{ 'aria-label': t.show }}
            onChange={({ currentTarget }) => setNext(currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            {t.effect}
          </Text>
          {refused.problem === undefined ? null : <ProblemNotice problem={refused.problem} />}
          <output className={classes.done}>
            {isDone ? (
              <>
                <IconCircleCheck size={18} aria-hidden /> {t.done}
              </>
            ) : null}
          </output>
          <Button type="submit" loading={isBusy} className={classes.start}>
            {t.change}
          </Button>
        </Stack>
      </form>
    </section>
  );
};

import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Confirmation } from './confirmation.tsx';

const messages = defineMessages({
  en: {
    title: 'Discard what you typed?',
    effect: 'It is not saved yet.',
    action: 'Discard it',
  },
  ko: {
    title: '입력한 내용을 버릴까요?',
    effect: '아직 저장하지 않은 내용이에요.',
    action: '버리기',
  },
});

interface Place {
  readonly pathname: string;
  readonly search: object;
}

/** Whether a navigation closes the form that is open for the value of the parameter `opened`. */
const closes = (opened: string | undefined, from: Place, to: Place): boolean => {
  const valueIn = ({ search }: Place) =>
    Object.entries(search).find(([name]) => name === opened)?.[1];
  return from.pathname !== to.pathname || String(valueIn(from)) !== String(valueIn(to));
};

interface Guard {
  /** Marks that something was typed. */
  readonly touch: () => void;
  /** Marks that all was saved; a navigation that waits for the answer goes on. */
  readonly reset: () => void;
  /** Leaves at once, or asks first when something was typed. */
  readonly leave: (to: () => void) => void;
  readonly question: ReactNode;
}

/**
 * Asks before what was typed is thrown away: by `leave`, by a navigation to another page, or by one
 * that changes the parameter `opened` of the address. Before a reload, the browser itself asks.
 * Render the question outside of the form: otherwise the answer would submit the form, too.
 */
export const useGuard = (opened?: string): Guard => {
  const t = useMessages(messages);
  // A state would be late: a form that was saved navigates at once.
  const isTouched = useRef(false);
  const answer = useRef<(goes: boolean) => void>(undefined);
  const [isAsking, setAsking] = useState(false);
  // In the next task: Escape reaches the form and the question, and must not open and close it.
  const show = (isShown: boolean): void => void setTimeout(() => setAsking(isShown));
  const ask = (): Promise<boolean> =>
    new Promise((resolve) => {
      answer.current = resolve;
      show(true);
    });
  const decide = (goes: boolean): void => {
    if (goes) isTouched.current = false;
    answer.current?.(goes);
    show(false);
  };
  useBlocker({
    shouldBlockFn: async ({ current, next }) =>
      isTouched.current && closes(opened, current, next) && !(await ask()),
    enableBeforeUnload: () => isTouched.current,
  });
  // The form may close while the question is open, for example because the session has ended.
  useEffect(() => () => answer.current?.(true), []);
  const leave = (to: () => void): void => {
    if (!isTouched.current) to();
    else if (!isAsking) void ask().then((goes) => (goes ? to() : undefined));
  };
  return {
    touch: () => {
      isTouched.current = true;
    },
    reset: () => decide(true),
    leave,
    question: (
      <Confirmation
        opened={isAsking}
        onClose={() => decide(false)}
        title={t.title}
        effect={t.effect}
        action={t.action}
        run={() => Promise.resolve({ ok: true })}
        onDone={() => decide(true)}
      />
    ),
  };
};

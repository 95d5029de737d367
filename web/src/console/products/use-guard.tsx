import { useState, type ReactNode } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Confirmation } from '../parts/confirmation.tsx';

const messages = defineMessages({
  en: {
    title: 'Close without saving?',
    effect: 'What you typed is lost. Nothing was sent yet.',
    action: 'Close without saving',
  },
  ko: {
    title: '저장하지 않고 닫을까요?',
    effect: '입력한 내용이 사라져요. 아직 아무것도 보내지 않았어요.',
    action: '저장하지 않고 닫기',
  },
});

interface Guard {
  /** Names what was typed in. */
  readonly touch: () => void;
  readonly reset: () => void;
  /** Leaves at once, or asks first when something was typed. */
  readonly leave: (to: () => void) => void;
  readonly question: ReactNode;
}

/** Asks before what was typed is thrown away. */
export const useGuard = (): Guard => {
  const t = useMessages(messages);
  const [isTouched, setTouched] = useState(false);
  const [target, setTarget] = useState<{ readonly go: () => void }>();
  const reset = (): void => setTouched(false);
  const leave = (to: () => void): void => {
    if (isTouched) setTarget({ go: to });
    else to();
  };
  const question = (
    <Confirmation
      opened={target !== undefined}
      onClose={() => setTarget(undefined)}
      title={t.title}
      effect={t.effect}
      action={t.action}
      run={() => Promise.resolve({ ok: true })}
      onDone={() => {
        setTarget(undefined);
        reset();
        target?.go();
      }}
    />
  );
  return { touch: () => setTouched(true), reset, leave, question };
};

import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import classes from './confirmation.module.css';

const messages = defineMessages({
  en: {
    reason: 'Reason',
    reasonHint: 'Kept with the change',
    reasonMissing: 'Say why',
    back: 'Back',
  },
  ko: {
    reason: '사유',
    reasonHint: '변경 기록에 함께 남아요',
    reasonMissing: '사유를 적어 주세요',
    back: '돌아가기',
  },
});

/** As long as Moa keeps a reason. */
const REASON_LENGTH_MAX = 200;

/** What a command came to: done, or a problem. */
type Done = { readonly ok: true } | { readonly ok: false; readonly problem: ShownProblem };

interface ConfirmationProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The question: object and amount. */
  readonly title: string;
  /** What will happen, in words. */
  readonly effect: ReactNode;
  /** What the button does, for example "Refund ₩12,000". */
  readonly action: string;
  /** Whether nothing is lost by it: the button is not red then. */
  readonly harmless?: boolean;
  /** Whether a reason is asked for: not at all, if the operator likes, or always. */
  readonly reason?: 'none' | 'optional' | 'required';
  readonly run: (reason: string) => Promise<Done>;
  readonly onDone: () => void;
}

/**
 * The second step of a dangerous action. It repeats object, amount and effect; the button that acts
 * is the last, below what is to be read, and is never under the pointer that opened it.
 */
export const Confirmation = (props: ConfirmationProps) => {
  const {
    opened,
    onClose,
    title,
    effect,
    action,
    reason = 'none',
    harmless = false,
    run,
    onDone,
  } = props;
  const t = useMessages(messages);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem>();
  const [isMissing, setMissing] = useState(false);
  const close = (): void => {
    if (busy) return;
    setProblem(undefined);
    setMissing(false);
    setText('');
    onClose();
  };
  const act = async (): Promise<void> => {
    if (busy) return;
    const missing = reason === 'required' && text.trim() === '';
    setMissing(missing);
    if (missing) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const done = await run(text.trim());
      if (done.ok) {
        setText('');
        onDone();
      } else setProblem(done.problem);
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      yOffset="20dvh"
      size="md"
      classNames={{ title: classes.title }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void act();
        }}
      >
        <Stack>
          <Text component="div" size="sm">
            {effect}
          </Text>
          {reason === 'none' ? null : (
            <Textarea
              label={t.reason}
              description={t.reasonHint}
              required={reason === 'required'}
              error={isMissing ? t.reasonMissing : undefined}
              maxLength={REASON_LENGTH_MAX}
              autosize
              minRows={2}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
          )}
          {problem === undefined ? null : <ProblemNotice problem={problem} />}
          <Group justify="space-between">
            <Button variant="default" onClick={close} disabled={busy} data-autofocus>
              {t.back}
            </Button>
            <Button
              type="submit"
              {...(harmless ? {} : { color: 'var(--moa-danger)' })}
              loading={busy}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};

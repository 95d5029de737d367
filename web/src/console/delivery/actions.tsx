import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { Confirmation } from '../parts/confirmation.tsx';
import { Answer } from './answer.tsx';
import classes from './delivery.module.css';
import { DestinationForm } from './form.tsx';
import { Outcome } from './outcome.tsx';
import { isOfEnvironment } from './places.ts';
import {
  refreshDestination,
  type Destination,
  type DestinationStatus,
  type TestResult,
} from './queries.ts';

const messages = defineMessages({
  en: {
    test: 'Send a test event',
    took: (ms: string) => `The receiver took ${ms} ms`,
    testNote: 'Type moa.test.v1; it counts nowhere.',
    pause: 'Pause',
    resume: 'Resume',
    pausedNote: 'Paused. Events are kept and sent when you resume it.',
    resumedNote: 'Resumed. What is pending is sent now.',
    change: 'Change…',
    changed: 'Saved.',
    remove: 'Delete…',
    removeTitle: (name: string) => `Delete ${name}?`,
    removeEffect: (pending: string, deadLetters: string) =>
      `Its pending events (${pending}) and dead letters (${deadLetters}) are not sent any more, ` +
      'and its attempts are forgotten. This cannot be undone; the events stay in the journal.',
    ofEnvironment: 'As long as the environment has its variable, a start creates it again.',
    removeAction: 'Delete the destination',
  },
  ko: {
    test: '시험 이벤트 보내기',
    took: (ms: string) => `응답까지 ${ms}ms`,
    testNote: '종류는 moa.test.v1이고, 어떤 수에도 들어가지 않아요.',
    pause: '멈추기',
    resume: '다시 시작하기',
    pausedNote: '멈췄어요. 이벤트는 모아 두었다가 다시 시작하면 보내요.',
    resumedNote: '다시 시작했어요. 기다리던 이벤트를 지금 보내요.',
    change: '바꾸기…',
    changed: '저장했어요.',
    remove: '지우기…',
    removeTitle: (name: string) => `${name} 전송 대상을 지울까요?`,
    removeEffect: (pending: string, deadLetters: string) =>
      `기다리는 이벤트 ${pending}개와 보내지 못한 이벤트 ${deadLetters}개를 더는 보내지 않고, ` +
      '시도 기록도 사라져요. 되돌릴 수 없어요. 이벤트는 기록에 남아요.',
    ofEnvironment: '환경 변수가 남아 있으면 서비스를 시작할 때 다시 만들어져요.',
    removeAction: '전송 대상 지우기',
  },
});

const Result = ({ result }: { readonly result: TestResult }) => {
  const t = useMessages(messages);
  const format = useFormat();
  return (
    <output className={classes.box}>
      <Outcome outcome={result.outcome} />
      <Text size="xs" c="dimmed">
        {t.took(format.number(result.tookMs))} · {t.testNote}
      </Text>
      <Answer {...result} />
    </output>
  );
};

interface ActionsProps {
  readonly destination: Destination;
  readonly status: DestinationStatus | undefined;
  readonly onDone: (note: string | undefined) => void;
  readonly onDeleted: () => void;
}

/** What can be done with a destination: test, pause, change, delete. */
export const Actions = ({ destination, status, onDone, onDeleted }: ActionsProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const client = useQueryClient();
  const [busy, setBusy] = useState<'test' | 'status'>();
  const [problem, setProblem] = useState<ShownProblem>();
  const [result, setResult] = useState<TestResult>();
  const [open, setOpen] = useState<'change' | 'delete'>();
  const { destinationId, name } = destination;
  const path = { destinationId };
  const isPaused = destination.status === 'paused';

  const act = async (what: 'test' | 'status', send: () => Promise<ShownProblem | undefined>) => {
    setBusy(what);
    setProblem(undefined);
    setResult(undefined);
    onDone(undefined);
    try {
      setProblem(await send());
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setBusy(undefined);
    }
  };
  const test = async () => {
    const sent = await moa.calls.post('/v1/destinations/{destinationId}/test', { path });
    if (!sent.ok) return sent.problem;
    setResult(sent.data);
    return undefined;
  };
  const toggle = async () => {
    const changed = await moa.calls.patch('/v1/destinations/{destinationId}', {
      path,
      body: { status: isPaused ? 'active' : 'paused' },
    });
    await refreshDestination(client, destinationId);
    if (!changed.ok) return changed.problem;
    onDone(isPaused ? t.resumedNote : t.pausedNote);
    return undefined;
  };
  const remove = async () => {
    const removed = await moa.calls.delete('/v1/destinations/{destinationId}', { path });
    if (removed.ok) onDeleted();
    await refreshDestination(client, destinationId);
    return removed;
  };
  return (
    <>
      <Group gap={8}>
        <Button
          size="xs"
          variant="default"
          loading={busy === 'test'}
          onClick={() => void act('test', test)}
        >
          {t.test}
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={busy === 'status'}
          onClick={() => void act('status', toggle)}
        >
          {isPaused ? t.resume : t.pause}
        </Button>
        <Button size="xs" variant="default" onClick={() => setOpen('change')}>
          {t.change}
        </Button>
        <Button size="xs" variant="subtle" color="var(--moa-bad)" onClick={() => setOpen('delete')}>
          {t.remove}
        </Button>
      </Group>
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      {result === undefined ? null : <Result result={result} />}
      {open === 'change' ? (
        <DestinationForm
          destination={destination}
          onClose={() => setOpen(undefined)}
          onSaved={() => {
            setOpen(undefined);
            onDone(t.changed);
          }}
        />
      ) : null}
      <Confirmation
        opened={open === 'delete'}
        onClose={() => setOpen(undefined)}
        title={t.removeTitle(name)}
        effect={
          <>
            <div>
              {t.removeEffect(
                format.number(status?.pending ?? 0),
                format.number(status?.deadLetters ?? 0),
              )}
            </div>
            {isOfEnvironment(destinationId) ? <div>{t.ofEnvironment}</div> : null}
          </>
        }
        action={t.removeAction}
        run={remove}
        onDone={() => setOpen(undefined)}
      />
    </>
  );
};

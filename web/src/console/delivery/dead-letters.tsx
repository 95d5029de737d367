import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { Time } from '../../parts/time.tsx';
import { Confirmation } from '../parts/confirmation.tsx';
import { shortId, ShortId } from '../parts/short-id.tsx';
import { Answer } from './answer.tsx';
import { deadLetterMessages } from './dead-letter-messages.ts';
import classes from './delivery.module.css';
import { typeMessages } from './messages.ts';
import { MoreButton } from '../parts/more-button.tsx';
import {
  deadLettersQuery,
  refreshDestination,
  type DeadLetter,
  type Destination,
} from './queries.ts';

const useTypeName = (): ((type: string) => string) => {
  const words: Readonly<Record<string, string>> = useMessages(typeMessages);
  return (type) => words[type] ?? type;
};

interface RowProps {
  readonly letter: DeadLetter;
  readonly destinationId: string;
  readonly onDelete: () => void;
  readonly onDone: (note: string) => void;
}

const Row = ({ letter, destinationId, onDelete, onDone }: RowProps) => {
  const t = useMessages(deadLetterMessages);
  const format = useFormat();
  const client = useQueryClient();
  const typeName = useTypeName();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem>();
  const { event, attempts, isDue, createdAt, lastAttempt } = letter;
  const resend = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const path = { destinationId, eventId: event.id };
      const result = await moa.calls.post(
        '/v1/destinations/{destinationId}/dead-letters/{eventId}/resend',
        { path },
      );
      if (result.ok) onDone(t.resent(shortId(event.id)));
      else setProblem(result.problem);
      await refreshDestination(client, destinationId);
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li>
      <Group justify="space-between">
        <Text size="sm" fw={600} title={event.type}>
          {typeName(event.type)}
        </Text>
        <Text size="xs" c="dimmed">
          <Time at={createdAt} />
        </Text>
      </Group>
      <Text size="xs" c="dimmed" component="div">
        {t.event} <ShortId id={event.id} />
        {t.refusals(format.number(attempts), attempts === 1)}
      </Text>
      <Answer {...lastAttempt} />
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      <Group gap={8}>
        {isDue ? (
          <Text size="xs">{t.due}</Text>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={isBusy}
            onClick={() => void resend()}
          >
            {t.resend}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="var(--moa-bad)" onClick={onDelete}>
          {t.remove}
        </Button>
      </Group>
    </li>
  );
};

interface DeadLettersProps {
  readonly destination: Destination;
  /** How many there are, as far as it is known. */
  readonly total: number | undefined;
  readonly everyMs: number;
  readonly onDone: (note: string) => void;
}

const ResendAll = ({ destination, total, onDone }: DeadLettersProps) => {
  const t = useMessages(deadLetterMessages);
  const format = useFormat();
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const { destinationId, name, status } = destination;
  const count = format.number(total ?? 0);
  const isOne = total === 1;
  const run = async () => {
    const result = await moa.calls.post('/v1/destinations/{destinationId}/replay', {
      path: { destinationId },
      body: { deadLetters: true },
    });
    await refreshDestination(client, destinationId);
    if (result.ok) onDone(t.allResent(count, isOne));
    return result;
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        {t.resendAll(count)}
      </Button>
      <Confirmation
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={t.allTitle(count, isOne, name)}
        effect={status === 'active' ? t.allEffect : t.allEffectPaused}
        action={t.allAction(count)}
        run={run}
        onDone={() => setAsked(false)}
      />
    </>
  );
};

/** The events that a destination has refused, with its answers: resend one or all, delete one. */
export const DeadLetters = (props: DeadLettersProps) => {
  const { destination, total, everyMs, onDone } = props;
  const { destinationId, name } = destination;
  const t = useMessages(deadLetterMessages);
  const format = useFormat();
  const client = useQueryClient();
  const typeName = useTypeName();
  const [deleted, setDeleted] = useState<DeadLetter>();
  const list = useInfiniteQuery({
    ...deadLettersQuery(destinationId),
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? everyMs : false),
  });
  const letters = list.data?.pages.flatMap(({ items }) => items);
  const remove = async () => {
    const eventId = deleted?.event.id ?? '';
    const result = await moa.calls.delete(
      '/v1/destinations/{destinationId}/dead-letters/{eventId}',
      { path: { destinationId, eventId } },
    );
    await refreshDestination(client, destinationId);
    if (result.ok) onDone(t.removed(shortId(eventId)));
    return result;
  };
  if (letters === undefined)
    return list.isError ? (
      <ProblemNotice problem={problemIn(list.error)} onRetry={() => void list.refetch()} />
    ) : (
      <Skeleton h={240} />
    );
  if (letters.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.none}
      </Text>
    );
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {t.count(format.number(letters.length), format.number(total ?? letters.length))}
        </Text>
        <ResendAll {...props} />
      </Group>
      <ul className={classes.items}>
        {letters.map((letter) => (
          <Row
            key={letter.event.id}
            letter={letter}
            destinationId={destinationId}
            onDelete={() => setDeleted(letter)}
            onDone={onDone}
          />
        ))}
      </ul>
      <MoreButton list={list} />
      <Confirmation
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title={t.removeTitle(shortId(deleted?.event.id ?? ''))}
        effect={t.removeEffect(typeName(deleted?.event.type ?? ''), name)}
        action={t.removeAction}
        run={remove}
        onDone={() => setDeleted(undefined)}
      />
    </Stack>
  );
};

import { Group, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Time } from '../../parts/time.tsx';
import { Answer } from './answer.tsx';
import classes from './delivery.module.css';
import { MoreButton } from '../parts/more-button.tsx';
import { deliveryMessages } from './messages.ts';
import { Outcome } from './outcome.tsx';
import { attemptsQuery, type Attempt } from './queries.ts';
import { useLagText } from './state.tsx';

const messages = defineMessages({
  en: {
    none: 'Nothing has been sent yet.',
    count: (count: string, more: boolean) => `The newest ${count}${more ? ' and more' : ''}`,
    sent: (events: string, requests: string) => `${events} in ${requests} requests`,
    sentOne: (events: string) => `${events} in one request`,
    over: (span: string) => `over ${span}`,
  },
  ko: {
    none: '아직 보낸 것이 없어요.',
    count: (count: string, more: boolean) => `최근 ${count}건${more ? ' 이상' : ''}`,
    sent: (events: string, requests: string) => `요청 ${requests}번에 ${events}`,
    sentOne: (events: string) => `요청 한 번에 ${events}`,
    over: (span: string) => `${span} 동안`,
  },
});

const Row = ({ attempt }: { readonly attempt: Attempt }) => {
  const t = useMessages(messages);
  const words = useMessages(deliveryMessages);
  const format = useFormat();
  const span = useLagText();
  const { at, lastAt, events, requests } = attempt;
  const seconds = (Date.parse(lastAt) - Date.parse(at)) / 1_000;
  const count = words.events(format.number(events), events === 1);
  const sent = requests > 1 ? t.sent(count, format.number(requests)) : t.sentOne(count);
  return (
    <li>
      <Group justify="space-between">
        <Outcome outcome={attempt.outcome} />
        <Text size="xs" c="dimmed">
          <Time at={lastAt} />
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {seconds < 1 ? sent : `${sent} · ${t.over(span(seconds))}`}
      </Text>
      <Answer {...attempt} />
    </li>
  );
};

interface AttemptsProps {
  readonly destinationId: string;
  readonly everyMs: number;
}

/** What was tried at a destination, newest first, and what the receiver answered. */
export const Attempts = ({ destinationId, everyMs }: AttemptsProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const list = useInfiniteQuery({
    ...attemptsQuery(destinationId),
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? everyMs : false),
  });
  const attempts = list.data?.pages.flatMap(({ items }) => items);
  if (attempts === undefined)
    return list.isError ? (
      <ProblemNotice problem={problemIn(list.error)} onRetry={() => void list.refetch()} />
    ) : (
      <Skeleton h={240} />
    );
  if (attempts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.none}
      </Text>
    );
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        {t.count(format.number(attempts.length), list.hasNextPage)}
      </Text>
      <ul className={classes.items}>
        {attempts.map((attempt) => (
          <Row key={attempt.at + attempt.outcome} attempt={attempt} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
};

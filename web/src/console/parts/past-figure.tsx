import { Box, Button, Group, Text, TextInput } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { timeOf } from './local-time.ts';

const messages = defineMessages({
  en: {
    hint: 'In the time zone of this browser',
    future: 'Choose a time that has passed.',
    show: 'Show',
  },
  ko: {
    hint: '이 브라우저의 시간대예요',
    future: '지난 때를 골라 주세요.',
    show: '보기',
  },
});

interface PastAnswerProps<Data extends object> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  readonly at: Date;
  /** The problem that says that its object did not exist yet. */
  readonly missing: { readonly code: string; readonly text: string };
  /** What is said when the answer is of an earlier time than asked. */
  readonly earlier: string;
  readonly was: (data: Data, time: string) => string;
}

/** A figure as it was, with the time that it is true for. */
export const PastAnswer = <Data extends object>(props: PastAnswerProps<Data>) => {
  const { query, at, missing, earlier, was } = props;
  const { data, error, refetch } = query;
  const format = useFormat();
  if (error !== null) {
    const problem = problemIn(error);
    if (problem.code === missing.code) {
      return (
        <Text component="output" size="sm">
          {missing.text}
        </Text>
      );
    }
    return <ProblemNotice problem={problem} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <Text size="sm">…</Text>;
  const asOf = 'asOf' in data ? new Date(String(data.asOf)) : at;
  return (
    <output>
      <Text size="sm" fw={600}>
        {was(data, format.exact(asOf))}
      </Text>
      {asOf < at ? (
        <Text size="xs" c="dimmed">
          {earlier}
        </Text>
      ) : null}
    </output>
  );
};

interface PastFigureProps {
  readonly label: string;
  /** Shows the answer for the chosen time. */
  readonly children: (at: Date) => ReactNode;
}

/** A form for a past time, and below it the answer. */
export const PastFigure = ({ label, children }: PastFigureProps) => {
  const t = useMessages(messages);
  const [text, setText] = useState('');
  const [at, setAt] = useState<Date>();
  const [isFuture, setFuture] = useState(false);
  const time = timeOf(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const isLater = time !== undefined && time.getTime() > Date.now();
        setFuture(isLater);
        setAt(isLater ? undefined : time);
      }}
    >
      <Group gap={8} align="flex-end" wrap="nowrap">
        <TextInput
          label={label}
          description={t.hint}
          type="datetime-local"
          flex="0 1 auto"
          miw={0}
          step={1}
          value={text}
          error={isFuture ? t.future : undefined}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setAt(undefined);
            setFuture(false);
          }}
        />
        <Button type="submit" variant="default" flex="none" disabled={time === undefined}>
          {t.show}
        </Button>
      </Group>
      {at === undefined ? null : <Box mt={8}>{children(at)}</Box>}
    </form>
  );
};

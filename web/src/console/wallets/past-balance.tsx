import { Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { timeOf } from '../parts/local-time.ts';
import { pastWalletQuery } from './queries.ts';

const messages = defineMessages({
  en: {
    at: 'Balance at',
    hint: 'In the time zone of this browser',
    future: 'Choose a time that has passed.',
    show: 'Show',
    was: (balance: string, time: string) => `${balance} on ${time}`,
    earlier: 'A change up to that time is still being recorded, so this is the balance before it.',
    before: 'This customer did not exist then.',
  },
  ko: {
    at: '이때의 잔액',
    hint: '이 브라우저의 시간대예요',
    future: '지난 때를 골라 주세요.',
    show: '보기',
    was: (balance: string, time: string) => `${time}에 ${balance}`,
    earlier: '그때까지의 변경이 아직 기록되는 중이라, 그 전의 잔액이에요.',
    before: '그때는 없던 고객이에요.',
  },
});

interface PastBalanceProps {
  readonly userId: string;
  readonly currency: string;
}

const Answer = ({ userId, currency, at }: PastBalanceProps & { readonly at: Date }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(pastWalletQuery(userId, at));
  if (error !== null) {
    const problem = problemIn(error);
    if (problem.code === 'user_not_found')
      return (
        <Text component="output" size="sm">
          {t.before}
        </Text>
      );
    return <ProblemNotice problem={problem} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <Text size="sm">…</Text>;
  const asOf = 'asOf' in data ? data.asOf : at;
  const isEarlier = new Date(asOf) < at;
  return (
    <output>
      <Text size="sm" fw={600}>
        {t.was(format.money(data.balance, currency), format.exact(asOf))}
      </Text>
      {isEarlier ? (
        <Text size="xs" c="dimmed">
          {t.earlier}
        </Text>
      ) : null}
    </output>
  );
};

/** The balance at a past time. */
export const PastBalance = ({ userId, currency }: PastBalanceProps) => {
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
          label={t.at}
          description={t.hint}
          type="datetime-local"
          step={1}
          value={text}
          error={isFuture ? t.future : undefined}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setAt(undefined);
            setFuture(false);
          }}
        />
        <Button type="submit" variant="default" disabled={time === undefined}>
          {t.show}
        </Button>
      </Group>
      {at === undefined ? null : (
        <Box mt={8}>
          <Answer userId={userId} currency={currency} at={at} />
        </Box>
      )}
    </form>
  );
};

import { Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { timeOf } from '../parts/local-time.ts';
import { pastProductQuery } from './queries.ts';

const messages = defineMessages({
  en: {
    at: 'Stock at',
    hint: 'In the time zone of this browser',
    future: 'Choose a time that has passed.',
    show: 'Show',
    was: (stock: string, price: string, time: string) => `${stock} left, at ${price}, on ${time}`,
    earlier: 'A change up to that time is still being recorded, so this is the stock before it.',
    before: 'This product did not exist then.',
  },
  ko: {
    at: '이때의 재고',
    hint: '이 브라우저의 시간대예요',
    future: '지난 때를 골라 주세요.',
    show: '보기',
    was: (stock: string, price: string, time: string) => `${time}에 ${stock}개, 가격 ${price}`,
    earlier: '그때까지의 변경이 아직 기록되는 중이라, 그 전의 재고예요.',
    before: '그때는 없던 상품이에요.',
  },
});

const Answer = ({ productId, at }: { readonly productId: string; readonly at: Date }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(pastProductQuery(productId, at));
  if (error !== null) {
    const problem = problemIn(error);
    if (problem.code === 'product_not_found') {
      return (
        <Text component="output" size="sm">
          {t.before}
        </Text>
      );
    }
    return <ProblemNotice problem={problem} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <Text size="sm">…</Text>;
  const asOf = 'asOf' in data ? data.asOf : at;
  const price = format.money(data.price, data.currency);
  return (
    <output>
      <Text size="sm" fw={600}>
        {t.was(format.number(data.stock), price, format.exact(asOf))}
      </Text>
      {new Date(asOf) < at ? (
        <Text size="xs" c="dimmed">
          {t.earlier}
        </Text>
      ) : null}
    </output>
  );
};

/** The stock and the price at a past time. */
export const PastStock = ({ productId }: { readonly productId: string }) => {
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
          <Answer productId={productId} at={at} />
        </Box>
      )}
    </form>
  );
};

import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Confirmation } from '../parts/confirmation.tsx';
import { localOf, timeOf } from '../parts/local-time.ts';
import { deliveryMessages } from './messages.ts';
import { countQuery, refreshDestination, type Destination } from './queries.ts';
import type { Count, Range } from './range.ts';
import { rangeMessages } from './range-messages.ts';

const HOUR_MS = 3_600_000;
const NOTHING: Range = { from: new Date(0), to: new Date(0), types: [] };

interface ResendRangeProps {
  readonly destination: Destination;
  readonly onDone: (note: string) => void;
}

interface CountedProps extends ResendRangeProps {
  readonly range: Range;
  readonly counted: Count;
}

/** How many events were counted, and the step that sends them. */
const Counted = ({ destination, range, counted, onDone }: CountedProps) => {
  const t = useMessages(rangeMessages);
  const words = useMessages(deliveryMessages);
  const format = useFormat();
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const { destinationId, name, status } = destination;
  const count = format.number(counted.count);
  const shown = counted.isMore ? t.moreThan(count) : words.events(count, counted.count === 1);
  const run = async () => {
    const result = await moa.calls.post('/v1/destinations/{destinationId}/replay', {
      path: { destinationId },
      body: { from: range.from.toISOString(), to: range.to.toISOString() },
    });
    await refreshDestination(client, destinationId);
    if (result.ok) onDone(t.done(shown));
    return result;
  };
  return (
    <>
      <output>
        <Text size="sm" fw={600}>
          {shown}
        </Text>
        <Text size="xs" c="dimmed">
          {counted.isMore ? t.partly : t.wholly}
        </Text>
      </output>
      {counted.count === 0 && !counted.isMore ? null : (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t.ask(shown)}
        </Button>
      )}
      <Confirmation
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={t.title(shown, name)}
        effect={
          <>
            <div>{t.between(format.exact(range.from), format.exact(range.to))}</div>
            <div>{t.effect}</div>
            {status === 'paused' ? <div>{t.paused}</div> : null}
          </>
        }
        action={t.action(shown)}
        run={run}
        onDone={() => setAsked(false)}
      />
    </>
  );
};

/** Sends the events of a range of time again, after they were counted. */
export const ResendRange = ({ destination, onDone }: ResendRangeProps) => {
  const t = useMessages(rangeMessages);
  const [from, setFrom] = useState(() => localOf(new Date(Date.now() - HOUR_MS)));
  const [to, setTo] = useState('');
  const [range, setRange] = useState<Range>();
  const { data, error, isFetching, refetch } = useQuery({
    ...countQuery(range ?? NOTHING),
    enabled: range !== undefined,
  });
  const begin = timeOf(from);
  const end = to === '' ? undefined : timeOf(to);
  const isBackwards = begin !== undefined && end !== undefined && end < begin;
  const isReady = begin !== undefined && !isBackwards && (to === '' || end !== undefined);
  const edit = (set: (text: string) => void, text: string): void => {
    set(text);
    setRange(undefined);
  };
  const last = (hours: number): void => {
    edit(setFrom, localOf(new Date(Date.now() - hours * HOUR_MS)));
    setTo('');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        setRange({ from: begin, to: end ?? new Date(), types: destination.types });
      }}
    >
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t.text}
        </Text>
        <Group gap={8}>
          <Button size="compact-xs" variant="default" onClick={() => last(1)}>
            {t.lastHour}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => last(24)}>
            {t.lastDay}
          </Button>
        </Group>
        <TextInput
          label={t.from}
          type="datetime-local"
          step={1}
          value={from}
          onChange={({ currentTarget }) => edit(setFrom, currentTarget.value)}
        />
        <TextInput
          label={t.to}
          type="datetime-local"
          step={1}
          value={to}
          error={isBackwards ? t.backwards : undefined}
          onChange={({ currentTarget }) => edit(setTo, currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={isFetching} disabled={!isReady}>
          {t.count}
        </Button>
        {error === null || range === undefined ? null : (
          <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
        )}
        {range === undefined || data === undefined ? null : (
          <Counted destination={destination} range={range} counted={data} onDone={onDone} />
        )}
      </Stack>
    </form>
  );
};

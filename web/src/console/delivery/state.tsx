import { Skeleton, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { clockText, remainingMs } from '../../shop/order/clock.ts';
import { useServerNow } from '../../shop/order/use-clock.ts';
import classes from './delivery.module.css';
import { deliveryMessages } from './messages.ts';
import { statusQuery, type Destination, type DestinationStatus } from './queries.ts';
import { spanOf } from './waiting.ts';

const messages = defineMessages({
  en: {
    second: (value: string) => `${value} s`,
    minute: (value: string) => `${value} min`,
    hour: (value: string) => `${value} h`,
    day: (value: string) => `${value} d`,
    none: 'none',
    now: 'now',
    in: (clock: string) => `in ${clock}`,
  },
  ko: {
    second: (value: string) => `${value}초`,
    minute: (value: string) => `${value}분`,
    hour: (value: string) => `${value}시간`,
    day: (value: string) => `${value}일`,
    none: '없음',
    now: '지금',
    in: (clock: string) => `${clock} 뒤`,
  },
});

/** The age of the oldest unsent event, in words. */
export const useLagText = (): ((seconds: number) => string) => {
  const t = useMessages(messages);
  const format = useFormat();
  return (seconds) => {
    const span = spanOf(seconds);
    return span === undefined ? t.none : t[span.unit](format.number(span.value));
  };
};

/** The next try as a countdown by the clock of the service. */
export const NextTry = ({ at }: { readonly at: string | null }) => {
  const t = useMessages(messages);
  const format = useFormat();
  const now = useServerNow(at !== null);
  if (at === null) return '–';
  const left = remainingMs(at, now);
  return (
    <time dateTime={at} title={format.exact(at)}>
      {left === 0 ? t.now : t.in(clockText(left))}
    </time>
  );
};

interface StateProps {
  readonly status: Destination['status'];
  readonly nextAttemptAt: string | null | undefined;
}

/** Whether a destination is sent to, with an icon and a word. */
export const State = ({ status, nextAttemptAt }: StateProps) => {
  const words = useMessages(deliveryMessages);
  const shown =
    status === 'paused' ? 'paused' : typeof nextAttemptAt === 'string' ? 'retrying' : 'active';
  const { icon: Icon, colour } = {
    paused: { icon: IconPlayerPause, colour: 'var(--moa-muted)' },
    retrying: { icon: IconAlertTriangle, colour: 'var(--moa-bad)' },
    active: { icon: IconCircleCheck, colour: 'var(--moa-good)' },
  }[shown];
  return (
    <Text component="span" size="sm" className={classes.state} c={colour}>
      <Icon size={16} aria-hidden />
      {words[shown]}
    </Text>
  );
};

interface StatusCellProps {
  readonly destinationId: string;
  readonly everyMs: number;
  readonly children: (status: DestinationStatus) => ReactNode;
}

/** A figure of a destination's state, which is read again every few seconds. */
export const StatusCell = ({ destinationId, everyMs, children }: StatusCellProps) => {
  const { data, isPending } = useQuery({ ...statusQuery(destinationId), refetchInterval: everyMs });
  if (isPending) return <Skeleton h={20} w={48} display="inline-block" />;
  return <span className={classes.value}>{data === undefined ? '–' : children(data)}</span>;
};

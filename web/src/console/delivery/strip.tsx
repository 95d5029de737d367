import { Skeleton, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import classes from './delivery.module.css';
import { deliveryMessages } from './messages.ts';
import { stripQuery } from './queries.ts';
import { STRIP_LENGTH, summaryOf, ticksOf } from './strip.ts';

const messages = defineMessages({
  en: {
    summary: (all: string, isOne: boolean, delivered: string, failed: string) =>
      `Last ${isOne ? 'request' : `${all} requests`}: ${delivered} delivered, ${failed} failed`,
    none: 'Nothing sent yet',
  },
  ko: {
    summary: (all: string, _isOne: boolean, delivered: string, failed: string) =>
      `최근 요청 ${all}번: 성공 ${delivered}번, 실패 ${failed}번`,
    none: '아직 보낸 것이 없어요',
  },
});

interface AttemptStripProps {
  readonly destinationId: string;
  readonly everyMs: number;
}

/** The last requests to a destination, one tick each, oldest first; read out as a sentence. */
export const AttemptStrip = ({ destinationId, everyMs }: AttemptStripProps) => {
  const t = useMessages(messages);
  const words = useMessages(deliveryMessages);
  const format = useFormat();
  const { data, isPending } = useQuery({ ...stripQuery(destinationId), refetchInterval: everyMs });
  if (isPending) return <Skeleton h={20} w={119} />;
  if (data === undefined) return <Text size="sm">–</Text>;
  const ticks = ticksOf(data.items);
  if (ticks.length === 0)
    return (
      <Text size="xs" c="dimmed" w={119}>
        {t.none}
      </Text>
    );
  const { delivered, failed } = summaryOf(ticks);
  const summary = t.summary(
    format.number(ticks.length),
    ticks.length === 1,
    format.number(delivered),
    format.number(failed),
  );
  return (
    <span title={summary}>
      <VisuallyHidden>{summary}</VisuallyHidden>
      <span className={classes.strip} aria-hidden>
        {Array.from({ length: STRIP_LENGTH - ticks.length }, (_, index) => (
          <span key={index} className={classes.tick} />
        ))}
        {ticks.map(({ key, isDelivered, attempt: { outcome, detail, lastAt } }) => (
          <span
            key={key}
            className={`${classes.tick} ${isDelivered ? classes.delivered : classes.failed}`}
            title={[words[outcome], detail, format.exact(lastAt)].filter(Boolean).join(' · ')}
          />
        ))}
      </span>
    </span>
  );
};

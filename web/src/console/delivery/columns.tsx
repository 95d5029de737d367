import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import type { Column } from '../parts/list-table.tsx';
import classes from './delivery.module.css';
import { deliveryMessages } from './messages.ts';
import { isOfEnvironment, pendingText } from './places.ts';
import { statusQuery, type Destination, type DestinationStatus } from './queries.ts';
import { NextTry, State, StatusCell, useLagText } from './state.tsx';
import { AttemptStrip } from './strip.tsx';

const messages = defineMessages({
  en: {
    destination: 'Destination',
    attempts: 'Last requests',
    status: 'Status',
    lag: 'Lag',
    pending: 'Pending',
    delivered: 'Delivered',
    next: 'Next try',
    deadLetters: 'Dead letters',
    environment: 'set by the environment',
    address: 'Address',
    kind: 'Kind',
  },
  ko: {
    destination: '전송 대상',
    attempts: '최근 요청',
    status: '상태',
    lag: '지연',
    pending: '대기',
    delivered: '전송',
    next: '다음 시도',
    deadLetters: '보내지 못함',
    environment: '환경 변수로 설정',
    address: '주소',
    kind: '종류',
  },
});

const Name = ({ destination }: { readonly destination: Destination }) => {
  const t = useMessages(messages);
  const words = useMessages(deliveryMessages);
  const { destinationId, name, kind, url } = destination;
  const origin = isOfEnvironment(destinationId) ? ` · ${t.environment}` : '';
  return (
    <div className={classes.name}>
      <Text component="bdi" size="sm" fw={600} lineClamp={2} title={name}>
        {name}
      </Text>
      <Text component="span" display="block" size="xs" c="dimmed">
        {words[kind]}
        {origin}
      </Text>
      <span className={classes.url} title={url} dir="ltr">
        {url}
      </span>
    </div>
  );
};

/** The columns of the destinations; their state is read every `everyMs`. */
export const useDestinationColumns = (everyMs: number): readonly Column<Destination>[] => {
  const t = useMessages(messages);
  const format = useFormat();
  const client = useQueryClient();
  const lag = useLagText();
  const known = ({ destinationId }: Destination): DestinationStatus | undefined =>
    client.getQueryData(statusQuery(destinationId).queryKey);
  const cell =
    (show: (status: DestinationStatus, destination: Destination) => ReactNode) =>
    (destination: Destination) => (
      <StatusCell destinationId={destination.destinationId} everyMs={everyMs}>
        {(status) => show(status, destination)}
      </StatusCell>
    );
  return [
    {
      header: t.destination,
      cell: (destination) => <Name destination={destination} />,
      csv: ({ name }) => name,
    },
    { header: t.kind, csv: ({ kind }) => kind },
    { header: t.address, csv: ({ url }) => url },
    {
      header: t.status,
      cell: cell(({ nextAttemptAt }, { status }) => (
        <State status={status} nextAttemptAt={nextAttemptAt} />
      )),
      csv: ({ status }) => status,
    },
    {
      header: t.attempts,
      width: 136,
      minor: 'phone',
      cell: ({ destinationId }) => <AttemptStrip destinationId={destinationId} everyMs={everyMs} />,
    },
    {
      header: t.lag,
      align: 'right',
      cell: cell(({ lagSeconds }) => lag(lagSeconds)),
      csv: (destination) => known(destination)?.lagSeconds,
    },
    {
      header: t.pending,
      align: 'right',
      minor: true,
      cell: cell(({ pending }) => pendingText(pending, format.number)),
      csv: (destination) => known(destination)?.pending,
    },
    {
      header: t.delivered,
      align: 'right',
      minor: true,
      cell: cell(({ delivered }) => format.number(delivered)),
      csv: (destination) => known(destination)?.delivered,
    },
    {
      header: t.next,
      align: 'right',
      minor: true,
      cell: cell(({ nextAttemptAt }, { status }) => (
        <NextTry at={status === 'active' ? nextAttemptAt : null} />
      )),
      csv: (destination) => known(destination)?.nextAttemptAt,
    },
    {
      header: t.deadLetters,
      align: 'right',
      cell: cell(({ deadLetters }) =>
        deadLetters === 0 ? (
          '0'
        ) : (
          <Text component="span" size="sm" fw={700} c="var(--moa-bad)">
            {format.number(deadLetters)}
          </Text>
        ),
      ),
      csv: (destination) => known(destination)?.deadLetters,
    },
  ];
};

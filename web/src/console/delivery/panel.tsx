import { Skeleton, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import { Time } from '../../parts/time.tsx';
import { DoneNote } from '../parts/done-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { Actions } from './actions.tsx';
import { Attempts } from './attempts.tsx';
import { DeadLetters } from './dead-letters.tsx';
import classes from './delivery.module.css';
import { deliveryMessages, typeMessages } from './messages.ts';
import { pendingText } from './places.ts';
import { destinationQuery, statusQuery, type Destination } from './queries.ts';
import { ResendRange } from './resend-range.tsx';
import { NextTry, State, useLagText } from './state.tsx';

const messages = defineMessages({
  en: {
    destination: 'Destination',
    status: 'Status',
    kind: 'Kind',
    address: 'Address',
    types: 'Events',
    created: 'Created',
    lag: 'Lag',
    pending: 'Pending',
    delivered: 'Delivered',
    next: 'Next try',
    attempts: 'Attempts',
    deadLetters: (count: string) => `Dead letters ${count}`,
    resend: 'Resend a range',
  },
  ko: {
    destination: '전송 대상',
    status: '상태',
    kind: '종류',
    address: '주소',
    types: '이벤트',
    created: '추가한 때',
    lag: '지연',
    pending: '대기',
    delivered: '전송',
    next: '다음 시도',
    attempts: '시도',
    deadLetters: (count: string) => `보내지 못함 ${count}`,
    resend: '기간 다시 보내기',
  },
});

const Figure = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className={classes.figure}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

interface BodyProps {
  readonly destination: Destination;
  readonly everyMs: number;
  readonly onClose: () => void;
}

const Body = ({ destination, everyMs, onClose }: BodyProps) => {
  const t = useMessages(messages);
  const words = useMessages(deliveryMessages);
  const typeWords: Readonly<Record<string, string>> = useMessages(typeMessages);
  const format = useFormat();
  const lag = useLagText();
  const [note, setNote] = useState<string>();
  const { destinationId, kind, url, types, createdAt } = destination;
  const { data: status } = useQuery({ ...statusQuery(destinationId), refetchInterval: everyMs });
  const nextAttemptAt = destination.status === 'active' ? status?.nextAttemptAt : null;
  const shown = (value: ReactNode): ReactNode =>
    status === undefined ? <Skeleton h={24} w={48} /> : value;
  return (
    <Stack gap="md">
      <dl className={classes.figures}>
        <Figure name={t.lag}>{shown(lag(status?.lagSeconds ?? 0))}</Figure>
        <Figure name={t.pending}>{shown(pendingText(status?.pending ?? 0, format.number))}</Figure>
        <Figure name={t.delivered}>{shown(format.number(status?.delivered ?? 0))}</Figure>
        <Figure name={t.next}>{shown(<NextTry at={nextAttemptAt ?? null} />)}</Figure>
      </dl>
      <Facts
        facts={[
          [
            t.status,
            <State key="status" status={destination.status} nextAttemptAt={nextAttemptAt} />,
          ],
          [t.kind, words[kind]],
          [
            t.address,
            <bdi key="url" dir="ltr">
              {url}
            </bdi>,
          ],
          [t.types, types?.map((type) => typeWords[type] ?? type).join(', ') ?? words.allTypes],
          [t.created, <Time key="created" at={createdAt} />],
        ]}
      />
      <DoneNote text={note} />
      <Actions destination={destination} status={status} onDone={setNote} onDeleted={onClose} />
      <Tabs defaultValue="attempts" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="attempts">{t.attempts}</Tabs.Tab>
          <Tabs.Tab value="dead-letters">
            {t.deadLetters(status === undefined ? '' : format.number(status.deadLetters))}
          </Tabs.Tab>
          <Tabs.Tab value="resend">{t.resend}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="attempts">
          <Attempts destinationId={destinationId} everyMs={everyMs} />
        </Tabs.Panel>
        <Tabs.Panel value="dead-letters">
          <DeadLetters
            destination={destination}
            total={status?.deadLetters}
            everyMs={everyMs}
            onDone={setNote}
          />
        </Tabs.Panel>
        <Tabs.Panel value="resend">
          <ResendRange destination={destination} onDone={setNote} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
};

interface DestinationPanelProps {
  readonly destinationId: string;
  /** The destination as the list has read it. */
  readonly listed: Destination | undefined;
  readonly everyMs: number;
  readonly onClose: () => void;
}

/** A destination beside the list: its figures, attempts, dead letters and what can be done. */
export const DestinationPanel = (props: DestinationPanelProps) => {
  const { destinationId, listed, everyMs, onClose } = props;
  const t = useMessages(messages);
  const { data, error, refetch } = useQuery({
    ...destinationQuery(destinationId),
    placeholderData: () => listed,
  });
  return (
    <SidePanel title={data?.name ?? t.destination} name={destinationId} onClose={onClose}>
      {error === null ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Skeleton h={420} /> : null}
      {data === undefined ? null : <Body destination={data} everyMs={everyMs} onClose={onClose} />}
    </SidePanel>
  );
};

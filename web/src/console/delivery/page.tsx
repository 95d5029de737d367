import { Button, Group, Title } from '@mantine/core';
import { IconPlus, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { usePageTitle } from '../../parts/page-title.ts';
import { Empty } from '../../parts/states.tsx';
import { useFilters } from '../parts/filters.ts';
import { ListTable } from '../parts/list-table.tsx';
import { ListWithPanel } from '../parts/side-panel.tsx';
import { useDestinationColumns } from './columns.tsx';
import { DestinationForm } from './form.tsx';
import { DestinationPanel } from './panel.tsx';
import { destinationsQuery } from './queries.ts';
import { pollEveryMs } from './waiting.ts';

const messages = defineMessages({
  en: {
    title: 'Delivery',
    create: 'New destination',
    none: 'No destination yet',
    noneText:
      'A destination receives every event of the shop, such as each paid order, within a moment: ' +
      'an address that takes webhooks, a NATS server or a Kafka. It receives what happens from ' +
      'then on.',
    first: 'Create the first',
  },
  ko: {
    title: '전송',
    create: '전송 대상 추가',
    none: '아직 전송 대상이 없어요',
    noneText:
      '전송 대상은 결제된 주문 같은 가게의 모든 이벤트를 바로 받는 곳이에요. 웹훅 주소, NATS ' +
      '서버, Kafka를 쓸 수 있고, 추가한 다음에 생기는 이벤트부터 받아요.',
    first: '첫 전송 대상 추가하기',
  },
});

/** The destinations and how they fare; one of them can be open beside the list. */
export const DeliveryPage = () => {
  const t = useMessages(messages);
  usePageTitle(t.title);
  const [filters, change] = useFilters();
  const [isCreating, setCreating] = useState(false);
  const query = useInfiniteQuery(destinationsQuery);
  const destinations = query.data?.pages.flatMap(({ items }) => items);
  const everyMs = pollEveryMs(destinations?.length ?? 1);
  const columns = useDestinationColumns(everyMs);
  const openKey = filters['destination'];
  const isEmpty = destinations?.length === 0;
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title>{t.title}</Title>
        {isEmpty ? null : (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setCreating(true)}
          >
            {t.create}
          </Button>
        )}
      </Group>
      <ListWithPanel
        list={
          <ListTable
            name={t.title}
            columns={columns}
            query={query}
            readPage={destinationsQuery.readPage}
            keyOf={({ destinationId }) => destinationId}
            empty={
              <Empty
                icon={<IconSend size={40} stroke={1.2} />}
                title={t.none}
                text={t.noneText}
                action={<Button onClick={() => setCreating(true)}>{t.first}</Button>}
              />
            }
            openKey={openKey}
            onOpen={({ destinationId }) => change({ destination: destinationId })}
          />
        }
        panel={
          openKey === undefined ? null : (
            <DestinationPanel
              key={openKey}
              destinationId={openKey}
              listed={destinations?.find(({ destinationId }) => destinationId === openKey)}
              everyMs={everyMs}
              onClose={() => change({ destination: undefined })}
            />
          )
        }
      />
      {isCreating ? (
        <DestinationForm
          onClose={() => setCreating(false)}
          onSaved={({ destinationId }) => {
            setCreating(false);
            change({ destination: destinationId });
          }}
        />
      ) : null}
    </>
  );
};

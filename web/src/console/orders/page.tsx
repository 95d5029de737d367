import { Button, Title } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { usePageTitle } from '../../parts/page-title.ts';
import { Empty } from '../../parts/states.tsx';
import { useFilters } from '../parts/filters.ts';
import { ListTable } from '../parts/list-table.tsx';
import { ListWithPanel } from '../parts/side-panel.tsx';
import { useOrderColumns } from './columns.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FILTERS, isFiltered, queryOf } from './filters.ts';
import { OrderPanel } from './panel.tsx';
import { ordersQuery } from './queries.ts';

const messages = defineMessages({
  en: {
    title: 'Orders',
    none: 'No orders yet',
    noneText: 'New orders appear here by themselves.',
    noMatch: 'No order matches the filters',
    all: 'Show all orders',
  },
  ko: {
    title: '주문',
    none: '아직 주문이 없어요',
    noneText: '새 주문은 여기에 바로 나타나요.',
    noMatch: '조건에 맞는 주문이 없어요',
    all: '모든 주문 보기',
  },
});

/** Without any of the filters. */
const UNFILTERED = Object.fromEntries(FILTERS.map((name) => [name, undefined]));

/** The orders of all users; one of them can be open beside the list. */
export const OrdersPage = () => {
  const t = useMessages(messages);
  usePageTitle(t.title);
  const [filters, change] = useFilters();
  const list = ordersQuery(queryOf(filters));
  const query = useInfiniteQuery(list);
  const columns = useOrderColumns();
  const openKey = filters['order'];
  const empty = isFiltered(filters) ? (
    <Empty
      icon={<IconReceipt size={40} stroke={1.2} />}
      title={t.noMatch}
      action={
        <Button variant="default" onClick={() => change(UNFILTERED)}>
          {t.all}
        </Button>
      }
    />
  ) : (
    <Empty icon={<IconReceipt size={40} stroke={1.2} />} title={t.none} text={t.noneText} />
  );
  return (
    <>
      <Title mb="sm">{t.title}</Title>
      <ListWithPanel
        list={
          <>
            <FilterBar filters={filters} onChange={change} />
            <ListTable
              name={t.title}
              columns={columns}
              query={query}
              readPage={list.readPage}
              keyOf={({ orderId }) => orderId}
              empty={empty}
              openKey={openKey}
              onOpen={({ orderId }) => change({ order: orderId })}
            />
          </>
        }
        panel={
          openKey === undefined ? null : (
            <OrderPanel
              key={openKey}
              orderId={openKey}
              onClose={() => change({ order: undefined })}
            />
          )
        }
      />
    </>
  );
};

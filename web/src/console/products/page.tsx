import { Button, Group, Kbd, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconBox, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLiveProducts } from '../../api/live.tsx';
import { bestSellersQuery } from '../../api/queries.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { usePageTitle } from '../../parts/page-title.ts';
import { Empty } from '../../parts/states.tsx';
import { useFilters } from '../parts/filters.ts';
import { ListTable } from '../parts/list-table.tsx';
import { ListWithPanel } from '../parts/side-panel.tsx';
import { useProductColumns } from './columns.tsx';
import { FilterBar } from './filter-bar.tsx';
import { queryOf } from './filters.ts';
import { productMessages } from './messages.ts';
import { NewProductPanel } from './new-panel.tsx';
import { ProductPanel } from './panel.tsx';
import { productsQuery } from './queries.ts';

const messages = defineMessages({
  en: {
    none: 'No products yet',
    noneText: 'Add the first one, and it is in the shop.',
    noMatch: 'No product matches the search',
    noArchived: 'No archived products',
    made: 'The product is in the shop.',
    madeBefore: 'The product was created already. Nothing was done twice.',
  },
  ko: {
    none: '아직 상품이 없어요',
    noneText: '첫 상품을 등록하면 가게에 바로 보여요.',
    noMatch: '검색에 맞는 상품이 없어요',
    noArchived: '보관한 상품이 없어요',
    made: '상품을 등록했어요. 가게에서 바로 볼 수 있어요.',
    madeBefore: '이미 등록한 상품이에요. 두 번 등록되지 않았어요.',
  },
});

/** In the address, this stands for a product that does not exist yet. */
const NEW = 'new';

interface Made {
  readonly productId: string;
  readonly replayed: boolean;
}

/** The products; one of them, or a new one, can be open beside the list. */
export const ProductsPage = () => {
  const t = useMessages(messages);
  const words = useMessages(productMessages);
  usePageTitle(words.title);
  const [filters, change] = useFilters();
  const asked = queryOf(filters);
  const list = productsQuery(asked);
  const query = useInfiniteQuery(list);
  // The answer names the currency also in a shop without products.
  const { data: bestSellers } = useQuery(bestSellersQuery);
  const columns = useProductColumns();
  const [made, setMade] = useState<Made>();
  const openKey = filters['product'];
  const open = (product: string | undefined): void => change({ product });
  useHotkeys([['n', () => open(NEW), { usePhysicalKeys: true }]]);
  useLiveProducts(
    query.data?.pages.flatMap(({ items }) => items.map(({ productId }) => productId)) ?? [],
  );
  const nameOfNone = asked.status === 'archived' ? t.noArchived : t.none;
  const addButton = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(NEW)}>
      {words.add}
    </Button>
  );
  const isFirst = asked.query === undefined && asked.status === 'active';
  const empty = (
    <Empty
      icon={<IconBox size={40} stroke={1.2} />}
      title={asked.query === undefined ? nameOfNone : t.noMatch}
      {...(isFirst ? { text: t.noneText, action: addButton } : {})}
    />
  );
  const panel =
    openKey === NEW ? (
      <NewProductPanel
        currency={query.data?.pages[0]?.items[0]?.currency ?? bestSellers?.currency}
        onClose={() => open(undefined)}
        onMade={(product, replayed) => {
          setMade({ productId: product.productId, replayed });
          open(product.productId);
        }}
      />
    ) : openKey === undefined ? null : (
      <ProductPanel
        key={openKey}
        productId={openKey}
        firstNote={
          made?.productId === openKey ? (made.replayed ? t.madeBefore : t.made) : undefined
        }
        onClose={() => open(undefined)}
      />
    );
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title>{words.title}</Title>
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          rightSection={
            <Kbd size="xs" aria-hidden>
              n
            </Kbd>
          }
          aria-keyshortcuts="n"
          onClick={() => open(NEW)}
        >
          {words.add}
        </Button>
      </Group>
      <ListWithPanel
        list={
          <>
            <FilterBar filters={filters} onChange={change} />
            <ListTable
              name={words.title}
              columns={columns}
              query={query}
              readPage={list.readPage}
              keyOf={({ productId }) => productId}
              empty={empty}
              openKey={openKey}
              onOpen={({ productId }) => open(productId)}
            />
          </>
        }
        panel={panel}
      />
    </>
  );
};

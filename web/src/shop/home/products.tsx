import { Button, Title } from '@mantine/core';
import { IconBuildingStore, IconSearchOff } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useLiveProducts } from '../../api/live.tsx';
import type { ProductSort } from '../../api/product-sorts.ts';
import { productsQuery } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { LinkButton } from '../../parts/link.tsx';
import { problemIn, ProblemNotice } from '../../parts/problem-notice.tsx';
import { Empty } from '../../parts/states.tsx';
import { More } from '../more.tsx';
import { ProductCard, ProductCardPlace } from './product-card.tsx';
import classes from './products.module.css';

const messages = defineMessages({
  en: {
    all: 'All products',
    found: (query: string) => `Products for “${query}”`,
    count: (count: string, isOne: boolean, hasMore: boolean) => {
      if (hasMore) return `${count}+ products`;
      return isOne ? '1 product' : `${count} products`;
    },
    noneYet: 'The shelves are still empty',
    noneYetText: 'Products appear here as soon as there are some.',
    addFirst: 'Add the first product',
    noneFound: (query: string) => `Nothing matches “${query}”`,
    noneFoundText: 'Try fewer words or another spelling.',
    showAll: 'Show all products',
  },
  ko: {
    all: '전체 상품',
    found: (query: string) => `“${query}” 검색 결과`,
    count: (count: string, _isOne: boolean, hasMore: boolean) =>
      `상품 ${count}개${hasMore ? ' 이상' : ''}`,
    noneYet: '아직 진열한 상품이 없어요',
    noneYetText: '상품이 들어오면 여기에 바로 보여 드릴게요.',
    addFirst: '첫 상품 등록하기',
    noneFound: (query: string) => `“${query}”에 맞는 상품이 없어요`,
    noneFoundText: '낱말을 줄이거나 다르게 적어 보세요.',
    showAll: '전체 상품 보기',
  },
});

/** The first rows of a desktop, which are seen without scrolling. */
const FIRST_SEEN = 4;
/** As many places as a first page mostly shows on a screen. */
const PLACES = Array.from({ length: 8 }, (_, index) => index);
/** One stream follows 100 products; those that were shown last are looked at. */
const FOLLOWED_MAX = 90;

const NoProducts = ({ query, onClear }: { query: string; onClear: () => void }) => {
  const t = useMessages(messages);
  const isStaff = useSession()?.role === 'staff';
  if (query === '') {
    return (
      <Empty
        icon={<IconBuildingStore size={48} stroke={1.2} />}
        title={t.noneYet}
        text={t.noneYetText}
        action={isStaff ? <LinkButton to="/console/products">{t.addFirst}</LinkButton> : null}
      />
    );
  }
  return (
    <Empty
      icon={<IconSearchOff size={48} stroke={1.2} />}
      title={t.noneFound(query)}
      text={t.noneFoundText}
      action={
        <Button variant="default" onClick={onClear}>
          {t.showAll}
        </Button>
      }
    />
  );
};

interface ProductsProps {
  readonly query: string;
  readonly sort: ProductSort;
  readonly onClear: () => void;
}

/** The products that match, with current stock. */
export const Products = ({ query, sort, onClear }: ProductsProps) => {
  const t = useMessages(messages);
  const format = useFormat();
  const list = useInfiniteQuery({
    ...productsQuery(query, sort),
    placeholderData: keepPreviousData,
  });
  const { data, error, isFetching, isFetchNextPageError, isPlaceholderData } = list;
  const products = data?.pages.flatMap(({ items }) => items);
  useLiveProducts((products ?? []).slice(-FOLLOWED_MAX).map(({ productId }) => productId));
  if (products?.length === 0 && !isPlaceholderData) {
    return <NoProducts query={query} onClear={onClear} />;
  }
  const count = products?.length;
  // Of the list that is shown; while another one is read, its own end is not known yet.
  const hasMore = typeof data?.pages.at(-1)?.nextCursor === 'string';
  return (
    <section aria-labelledby="products" aria-busy={isFetching}>
      <div className={classes.head}>
        <Title order={2} id="products" className={classes.title} dir="auto">
          {query === '' ? t.all : t.found(query)}
        </Title>
        <output className={classes.count}>
          {count === undefined ? null : t.count(format.number(count), count === 1, hasMore)}
        </output>
      </div>
      {error === null || isFetchNextPageError ? null : (
        <ProblemNotice problem={problemIn(error)} onRetry={() => void list.refetch()} />
      )}
      {products === undefined && error !== null ? null : (
        <ul className={classes.grid} data-old={isPlaceholderData || undefined}>
          {products === undefined
            ? PLACES.map((place) => (
                <li key={place}>
                  <ProductCardPlace />
                </li>
              ))
            : products.map((product, index) => (
                <li key={product.productId}>
                  <ProductCard product={product} eager={index < FIRST_SEEN} />
                </li>
              ))}
        </ul>
      )}
      <More list={list} />
    </section>
  );
};

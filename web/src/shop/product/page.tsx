import { Skeleton, Title } from '@mantine/core';
import type { Product } from '@moa-commerce/client';
import { IconTagOff } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useLiveProducts } from '../../api/live.tsx';
import { bestSellersQuery, productQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { LinkButton } from '../../parts/link.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { Picture } from '../../parts/picture.tsx';
import { problemIn, ProblemNotice } from '../../parts/problem-notice.tsx';
import { Empty } from '../../parts/states.tsx';
import { BestSellers } from '../home/best-sellers.tsx';
import { BuyBox } from './buy-box.tsx';
import { LiveStock } from './live-stock.tsx';
import classes from './page.module.css';

const messages = defineMessages({
  en: {
    unknown: 'This product does not exist',
    unknownText: 'The address may be mistyped, or the product was removed.',
    archived: 'This product is no longer sold',
    archivedText: 'There may be something like it in the shop.',
    toShop: 'To the shop',
  },
  ko: {
    unknown: '찾는 상품이 없어요',
    unknownText: '주소를 잘못 입력했거나 없어진 상품이에요.',
    archived: '더 이상 팔지 않는 상품이에요',
    archivedText: '비슷한 상품이 있는지 가게에서 찾아보세요.',
    toShop: '가게로 가기',
  },
});

const route = getRouteApi('/shop/products/$productId');

interface ProductPages {
  readonly pages?: readonly { readonly items: readonly Product[] }[];
}

/** The product as a list showed it, so that its page opens at once. */
const useListedProduct = (productId: string): (() => Product | undefined) => {
  const client = useQueryClient();
  return () =>
    client
      .getQueriesData<ProductPages>({ queryKey: ['products'] })
      .flatMap(([, lists]) => lists?.pages ?? [])
      .flatMap(({ items }) => items)
      .find((product) => product.productId === productId);
};

const Place = () => (
  <div className={classes.page} aria-busy>
    <Skeleton className={classes.picturePlace} />
    <div className={classes.texts}>
      <Skeleton height={32} width="70%" />
      <Skeleton height={36} width={140} />
      <Skeleton height={24} width={180} />
      <Skeleton height={72} />
      <Skeleton height={44} width={132} />
      <Skeleton height={50} />
    </div>
  </div>
);

const NotSold = ({ isArchived }: { readonly isArchived: boolean }) => {
  const t = useMessages(messages);
  return (
    <Empty
      icon={<IconTagOff size={48} stroke={1.2} />}
      title={isArchived ? t.archived : t.unknown}
      text={isArchived ? t.archivedText : t.unknownText}
      action={<LinkButton to="/">{t.toShop}</LinkButton>}
    />
  );
};

/** Codes of a product that is not there; an id that is no UUID is one, too. */
const UNKNOWN = new Set(['product_not_found', 'not_found', 'invalid_request']);

/** One product, with its current stock, and the ways to buy it. */
export const ProductPage = () => {
  const { productId } = route.useParams();
  const format = useFormat();
  const listed = useListedProduct(productId);
  const { data, error, refetch } = useQuery({
    ...productQuery(productId),
    initialData: listed,
    // The product is read in any case.
    initialDataUpdatedAt: 0,
  });
  usePageTitle(data?.name);
  useLiveProducts(data === undefined ? [] : [productId]);
  const { data: bestSellers } = useQuery(bestSellersQuery);
  const problem = error === null ? undefined : problemIn(error);
  if (problem !== undefined && UNKNOWN.has(problem.code)) return <NotSold isArchived={false} />;
  const notice =
    problem === undefined ? null : (
      <ProblemNotice problem={problem} onRetry={() => void refetch()} />
    );
  if (data === undefined) return notice ?? <Place />;
  if (data.status === 'archived') return <NotSold isArchived />;
  const { name, price, currency, description, imageUrl, stock } = data;
  return (
    <>
      {notice === null ? null : <div className={classes.notice}>{notice}</div>}
      <article className={classes.page}>
        <div className={classes.picture} data-none={stock === 0 || undefined}>
          <Picture imageUrl={imageUrl} name={name} size="large" eager />
        </div>
        <div className={classes.texts}>
          <Title order={1} className={classes.name} dir="auto">
            {name}
          </Title>
          <p className={classes.price}>{format.money(price, currency)}</p>
          <LiveStock stock={stock} />
          {description === null || description === '' ? null : (
            <p className={classes.description} dir="auto">
              {description}
            </p>
          )}
          <BuyBox key={productId} product={data} />
        </div>
      </article>
      <div className={classes.others}>
        {bestSellers === undefined ? null : <BestSellers list={bestSellers} besides={productId} />}
      </div>
    </>
  );
};

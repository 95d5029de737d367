import { Stack, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { bestSellersQuery } from '../../api/queries.ts';
import type { ProductSort } from '../../api/product-sorts.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { usePageTitle } from '../../parts/page-title.ts';
import { BestSellers } from './best-sellers.tsx';
import { Products } from './products.tsx';
import { SearchBar } from './search-bar.tsx';
import type { ProductSearch } from './search.ts';

const messages = defineMessages({
  en: { title: 'Shop' },
  ko: { title: '가게' },
});

const route = getRouteApi('/shop/');

/** Search, what sells best, and every product. */
export const HomePage = () => {
  const t = useMessages(messages);
  const { query = '', sort = 'newest' } = route.useSearch();
  const navigate = route.useNavigate();
  usePageTitle(query);
  // The rail has a height only if something was sold: what is below it would jump.
  const { data: bestSellers, failureCount } = useQuery(bestSellersQuery);
  const isPlaced = query !== '' || bestSellers !== undefined || failureCount > 0;
  const search = (next: { query?: string; sort?: ProductSort }): void => {
    const chosen = { query, sort, ...next };
    const address: ProductSearch = {
      ...(chosen.query === '' ? {} : { query: chosen.query }),
      ...(chosen.sort === 'newest' ? {} : { sort: chosen.sort }),
    };
    // A letter more is no page to go back to.
    void navigate({ search: address, replace: query !== '', resetScroll: false });
  };
  return (
    <Stack gap={32}>
      <VisuallyHidden component="h1">{t.title}</VisuallyHidden>
      <SearchBar
        query={query}
        sort={sort}
        onSearch={(next) => search({ query: next })}
        onSort={(next) => search({ sort: next })}
      />
      {query === '' && bestSellers !== undefined ? <BestSellers list={bestSellers} /> : null}
      <div hidden={!isPlaced}>
        <Products query={query} sort={sort} onClear={() => search({ query: '' })} />
      </div>
    </Stack>
  );
};

import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { PRODUCT_SORTS } from '../../api/product-sorts.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import type { Filters } from '../parts/filters.ts';
import { SEARCH_LENGTH_MAX, queryOf } from './filters.ts';
import { productMessages } from './messages.ts';
import classes from './products.module.css';

const messages = defineMessages({
  en: {
    filters: 'Filters',
    search: 'Search',
    searchHint: 'Name or SKU',
    sort: 'Order',
    newest: 'Newest first',
    byName: 'Name',
    price: 'Price, lowest first',
    '-price': 'Price, highest first',
  },
  ko: {
    filters: '필터',
    search: '검색',
    searchHint: '이름 또는 SKU',
    sort: '정렬',
    newest: '최신순',
    byName: '이름순',
    price: '낮은 가격순',
    '-price': '높은 가격순',
  },
});

const TYPING_MS = 250;

interface FilterBarProps {
  readonly filters: Filters;
  readonly onChange: (changed: Readonly<Record<string, string | undefined>>) => void;
}

/** Search, order and status of the list of products. */
export const FilterBar = ({ filters, onChange }: FilterBarProps) => {
  const t = useMessages(messages);
  const words = useMessages(productMessages);
  const [text, setText] = useState(filters['query'] ?? '');
  const search = useDebouncedCallback((query: string) => onChange({ query }), TYPING_MS);
  const { sort, status } = queryOf(filters);
  return (
    <section className={classes.filters} aria-label={t.filters}>
      <TextInput
        size="xs"
        type="search"
        label={t.search}
        placeholder={t.searchHint}
        maxLength={SEARCH_LENGTH_MAX}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          search(currentTarget.value.trim());
        }}
      />
      <NativeSelect
        size="xs"
        label={t.sort}
        value={sort}
        data={PRODUCT_SORTS.map((each) => ({
          value: each,
          label: each === 'name' ? t.byName : t[each],
        }))}
        onChange={({ currentTarget }) =>
          onChange({ sort: currentTarget.value === 'newest' ? undefined : currentTarget.value })
        }
      />
      <SegmentedControl
        size="xs"
        aria-label={words.status}
        value={status}
        data={[
          { value: 'active', label: words.active },
          { value: 'archived', label: words.archived },
        ]}
        onChange={(value) => onChange({ status: value === 'active' ? undefined : value })}
      />
    </section>
  );
};

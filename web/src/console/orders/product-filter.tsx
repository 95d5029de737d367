import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Product } from '@moa-commerce/client';
import { productQuery, productsQuery } from '../../api/queries.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';

const messages = defineMessages({
  en: { product: 'Product', hint: 'Name or SKU', none: 'No product found' },
  ko: { product: '상품', hint: '이름 또는 SKU', none: '찾는 상품이 없어요' },
});

const TYPING_MS = 250;
const QUERY_LENGTH_MAX = 100;

const optionOf = ({ productId, name, sku }: Product) => ({
  value: productId,
  label: sku === null ? name : `${name} (${sku})`,
});

interface ProductFilterProps {
  readonly productId: string | undefined;
  readonly onChange: (productId: string | undefined) => void;
}

/** A filter by a product, which is found by its name or SKU. */
export const ProductFilter = ({ productId, onChange }: ProductFilterProps) => {
  const t = useMessages(messages);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const { data: chosen } = useQuery({
    ...productQuery(productId ?? ''),
    enabled: productId !== undefined,
  });
  const label = chosen === undefined || productId === undefined ? '' : optionOf(chosen).label;
  // The name of what is chosen stands in the field; it is no search.
  const [search] = useDebouncedValue(
    text === label ? '' : text.trim().slice(0, QUERY_LENGTH_MAX),
    TYPING_MS,
  );
  const { data } = useInfiniteQuery({
    ...productsQuery(search, 'name'),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const found = data?.pages.flatMap(({ items }) => items) ?? [];
  const others = found.filter((product) => product.productId !== productId);
  return (
    <Select
      size="xs"
      label={t.product}
      placeholder={t.hint}
      nothingFoundMessage={t.none}
      searchable
      clearable
      value={productId ?? null}
      data={[
        ...(chosen === undefined || productId === undefined ? [] : [optionOf(chosen)]),
        ...others.map(optionOf),
      ]}
      // Moa has searched already.
      filter={({ options }) => options}
      searchValue={text}
      onSearchChange={setText}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      onChange={(value) => onChange(value ?? undefined)}
    />
  );
};

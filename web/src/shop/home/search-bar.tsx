import { CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { PRODUCT_SORTS, type ProductSort } from '../../api/product-sorts.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import classes from './search-bar.module.css';
import { searchWhileTyping } from './search.ts';

const messages = defineMessages({
  en: {
    search: 'Search products',
    placeholder: 'Search',
    clear: 'Clear the search',
    sort: 'Sort',
    newest: 'Newest',
    name: 'Name',
    price: 'Price, low to high',
    '-price': 'Price, high to low',
  },
  ko: {
    search: '상품 검색',
    placeholder: '상품 검색',
    clear: '검색어 지우기',
    sort: '정렬',
    newest: '최신순',
    name: '이름순',
    price: '낮은 가격순',
    '-price': '높은 가격순',
  },
});

/** A search is sent when nothing was typed for this long. */
const SETTLE_MS = 250;
/** Longer than any name that somebody types. */
const TEXT_MAX = 100;

interface SearchBarProps {
  readonly query: string;
  readonly sort: ProductSort;
  readonly onSearch: (query: string) => void;
  readonly onSort: (sort: ProductSort) => void;
}

/** The typed text; an address that changed otherwise, as by "back", replaces it. */
const useTyped = (query: string, onSearch: (query: string) => void) => {
  const [text, setText] = useState(query);
  const [seen, setSeen] = useState(query);
  const [sent, setSent] = useState(query);
  const send = (next: string): void => {
    setSent(next);
    onSearch(next);
  };
  const sendSettled = useDebouncedCallback(send, SETTLE_MS);
  if (query !== seen) {
    setSeen(query);
    if (query !== sent) {
      setSent(query);
      setText(query);
    }
  }
  return {
    text,
    type: (next: string): void => {
      setText(next);
      sendSettled(searchWhileTyping(next));
    },
    sendNow: (next: string): void => {
      sendSettled.cancel();
      setText(next);
      send(next.trim());
    },
  };
};

/** Search and sort order; `/` starts to type. */
export const SearchBar = ({ query, sort, onSearch, onSort }: SearchBarProps) => {
  const t = useMessages(messages);
  const field = useRef<HTMLInputElement>(null);
  const { text, type, sendNow } = useTyped(query, onSearch);
  useHotkeys([['/', () => field.current?.focus()]]);
  return (
    <search className={classes.bar}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          sendNow(text);
        }}
      >
        <TextInput
          ref={field}
          type="search"
          className={classes.field}
          aria-label={t.search}
          placeholder={t.placeholder}
          maxLength={TEXT_MAX}
          autoComplete="off"
          enterKeyHint="search"
          leftSection={<IconSearch size={20} aria-hidden />}
          rightSection={
            text === '' ? (
              <kbd className={classes.key} aria-hidden>
                /
              </kbd>
            ) : (
              <CloseButton
                aria-label={t.clear}
                onClick={() => {
                  sendNow('');
                  field.current?.focus();
                }}
              />
            )
          }
          value={text}
          onChange={({ currentTarget }) => type(currentTarget.value)}
        />
      </form>
      <NativeSelect
        size="md"
        className={classes.sort}
        aria-label={t.sort}
        data={PRODUCT_SORTS.map((value) => ({ value, label: t[value] }))}
        value={sort}
        onChange={({ currentTarget }) => {
          const chosen = PRODUCT_SORTS.find((each) => each === currentTarget.value);
          if (chosen !== undefined) onSort(chosen);
        }}
      />
    </search>
  );
};

import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';

const messages = defineMessages({
  en: { label: 'Find a customer', placeholder: 'Beginning of the id, or words of the name' },
  ko: { label: '고객 찾기', placeholder: 'id의 앞부분이나 이름의 단어' },
});

const WAIT_MS = 250;

interface SearchFieldProps {
  readonly text: string;
  readonly onSearch: (text: string | undefined) => void;
}

/** Finds users while one types. */
export const SearchField = ({ text, onSearch }: SearchFieldProps) => {
  const t = useMessages(messages);
  const [typed, setTyped] = useState(text);
  const search = useDebouncedCallback(
    (next: string) => onSearch(next.trim() === '' ? undefined : next.trim()),
    WAIT_MS,
  );
  return (
    <TextInput
      type="search"
      label={t.label}
      placeholder={t.placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      maxLength={100}
      maw={420}
      mb="sm"
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        search(value);
      }}
    />
  );
};

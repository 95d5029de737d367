import { ActionIcon, Button, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { newId } from '../../shop/new-id.ts';
import { METADATA_MAX, type MetadataRow } from './form.ts';
import { productMessages } from './messages.ts';
import classes from './products.module.css';

const messages = defineMessages({
  en: {
    name: (row: number) => `Name of row ${row}`,
    value: (row: number) => `Value of row ${row}`,
    nameHint: 'Name',
    valueHint: 'Value',
    remove: (row: number) => `Remove row ${row}`,
    add: 'Add a row',
  },
  ko: {
    name: (row: number) => `${row}번째 줄 이름`,
    value: (row: number) => `${row}번째 줄 값`,
    nameHint: '이름',
    valueHint: '값',
    remove: (row: number) => `${row}번째 줄 지우기`,
    add: '줄 추가하기',
  },
});

const NAME_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 500;

interface MetadataFieldsProps {
  readonly rows: readonly MetadataRow[];
  readonly error: string | undefined;
  readonly onChange: (rows: readonly MetadataRow[]) => void;
}

/** Names and values that the shop keeps with a product. */
export const MetadataFields = ({ rows, error, onChange }: MetadataFieldsProps) => {
  const t = useMessages(messages);
  const words = useMessages(productMessages);
  const set = (id: string, changed: Partial<MetadataRow>): void =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...changed } : row)));
  return (
    <Input.Wrapper
      labelElement="div"
      label={words.metadata}
      {...(error === undefined ? {} : { error })}
    >
      <Stack gap={8} align="stretch">
        {rows.map(({ id, name, value }, index) => (
          <div key={id} className={classes.row}>
            <TextInput
              size="xs"
              name="metadata"
              aria-label={t.name(index + 1)}
              placeholder={t.nameHint}
              maxLength={NAME_LENGTH_MAX}
              value={name}
              onChange={({ currentTarget }) => set(id, { name: currentTarget.value })}
            />
            <TextInput
              size="xs"
              aria-label={t.value(index + 1)}
              placeholder={t.valueHint}
              maxLength={VALUE_LENGTH_MAX}
              value={value}
              onChange={({ currentTarget }) => set(id, { value: currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t.remove(index + 1)}
              onClick={() => onChange(rows.filter((row) => row.id !== id))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <Button
          size="xs"
          variant="default"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={rows.length >= METADATA_MAX}
          onClick={() => onChange([...rows, { id: newId(), name: '', value: '' }])}
        >
          {t.add}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
};

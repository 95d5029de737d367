import { Checkbox, Group, Input, SegmentedControl, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import classes from './delivery.module.css';
import { formMessages } from './form-messages.ts';
import { EVENT_TYPES, typeMessages, type EventType } from './messages.ts';

interface TypesFieldProps {
  readonly types: readonly EventType[] | null;
  readonly error: string | undefined;
  readonly onChange: (types: readonly EventType[] | null) => void;
}

/** Which types of events are sent: all, or the chosen. */
export const TypesField = ({ types, error, onChange }: TypesFieldProps) => {
  const t = useMessages(formMessages);
  const words = useMessages(typeMessages);
  const label = useId();
  return (
    <Stack component="fieldset" gap={8} className={classes.group}>
      <Text component="legend" id={label} size="sm" fw={500}>
        {t.which}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        orientation="vertical"
        value={types === null ? 'every' : 'chosen'}
        data={[
          { value: 'every', label: t.every },
          { value: 'chosen', label: t.chosen },
        ]}
        onChange={(value) => onChange(value === 'every' ? null : ['moa.order.paid.v1'])}
      />
      {types === null ? null : (
        <Group gap="sm">
          {EVENT_TYPES.map((type) => (
            <Checkbox
              key={type}
              size="xs"
              w={150}
              label={words[type]}
              title={type}
              checked={types.includes(type)}
              onChange={({ currentTarget: { checked } }) =>
                onChange(checked ? [...types, type] : types.filter((each) => each !== type))
              }
            />
          ))}
        </Group>
      )}
      {error === undefined ? null : <Input.Error>{error}</Input.Error>}
    </Stack>
  );
};

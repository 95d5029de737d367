import { ActionIcon, Group, NumberInput } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import classes from './quantity-stepper.module.css';

const messages = defineMessages({
  en: { quantity: 'Quantity', less: 'One less', more: 'One more' },
  ko: { quantity: '수량', less: '하나 빼기', more: '하나 더하기' },
});

interface QuantityStepperProps {
  /** What is counted, for those who do not see where it stands. */
  readonly name?: string;
  readonly value: number;
  readonly max: number;
  readonly size?: 'sm' | 'md';
  readonly onChange: (quantity: number) => void;
}

/** A quantity from 1 to `max`, by buttons, arrow keys or typing. */
export const QuantityStepper = ({
  name,
  value,
  max,
  size = 'md',
  onChange,
}: QuantityStepperProps) => {
  const t = useMessages(messages);
  // What is typed may be empty or too large until the field is left.
  const [typed, setTyped] = useState<number | string>();
  const labelOf = (label: string): string => (name === undefined ? label : `${name}, ${label}`);
  const step = size === 'md' ? 42 : 34;
  const limit = Math.max(1, max);
  const change = (next: number): void => {
    setTyped(undefined);
    onChange(Math.max(1, Math.min(next, limit)));
  };
  return (
    <Group gap={0} wrap="nowrap" className={classes.stepper}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={step}
        aria-label={labelOf(t.less)}
        disabled={value <= 1}
        onClick={() => change(value - 1)}
      >
        <IconMinus size={16} aria-hidden />
      </ActionIcon>
      <NumberInput
        variant="unstyled"
        size={size}
        className={classes.field}
        aria-label={labelOf(t.quantity)}
        inputMode="numeric"
        hideControls
        selectAllOnFocus
        allowDecimal={false}
        allowNegative={false}
        min={1}
        max={limit}
        value={typed ?? value}
        onChange={(next) => {
          setTyped(next);
          if (typeof next === 'number' && next >= 1 && next <= limit) onChange(next);
        }}
        onBlur={() => {
          if (typeof typed === 'number' && typed > limit) onChange(limit);
          setTyped(undefined);
        }}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={step}
        aria-label={labelOf(t.more)}
        disabled={value >= limit}
        onClick={() => change(value + 1)}
      >
        <IconPlus size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
};

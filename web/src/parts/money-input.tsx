import { TextInput, type TextInputProps } from '@mantine/core';
import { useLayoutEffect, useRef } from 'react';
import { useFormat } from '../i18n/format.ts';
import { useLocale } from '../i18n/locale.tsx';
import { amountIn, caretIn } from './money.ts';

interface MoneyInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: number | undefined;
  readonly onChange: (amount: number | undefined) => void;
  readonly currency: string;
}

/** A field for an amount in the currency's minor unit: digits, with separators while typing. */
export const MoneyInput = ({ value, onChange, currency, ...props }: MoneyInputProps) => {
  const format = useFormat();
  const { locale } = useLocale();
  const field = useRef<HTMLInputElement>(null);
  const caret = useRef<number>(undefined);
  const text = value === undefined ? '' : format.number(value);
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  });
  const unit = currency === 'KRW' && locale === 'ko' ? '원' : currency;
  return (
    <TextInput
      {...props}
      ref={field}
      inputMode="numeric"
      autoComplete="off"
      // As long as the largest amount with its separators.
      maxLength={21}
      value={text}
      rightSection={<span aria-hidden>{unit}</span>}
      rightSectionWidth={unit.length > 1 ? 56 : 40}
      onChange={({ currentTarget: { value: typed, selectionStart } }) => {
        const amount = amountIn(typed);
        const next = amount === undefined ? '' : format.number(amount);
        caret.current = caretIn(typed, selectionStart ?? typed.length, next);
        onChange(amount);
      }}
    />
  );
};

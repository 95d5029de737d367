import { TextInput, type TextInputProps } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import { useFormat } from '../i18n/format.ts';
import { useLocale } from '../i18n/locale.tsx';
import { caretIn, moneyIn, textOf, type MoneyText } from './money.ts';

interface MoneyInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'onBlur'> {
  /** In the currency's minor unit. */
  readonly value: number | undefined;
  readonly onChange: (amount: number | undefined) => void;
  readonly currency: string;
}

/**
 * A field for an amount: shows the major unit with separators while it is typed, `12.50`, and takes
 * no more fraction digits than the currency has.
 */
export const MoneyInput = ({ value, onChange, currency, ...props }: MoneyInputProps) => {
  const { number, fractionDigitsOf } = useFormat();
  const { locale } = useLocale();
  const field = useRef<HTMLInputElement>(null);
  const caret = useRef<number>(undefined);
  const style = { number, fractionDigits: fractionDigitsOf(currency) };
  // Until the field is left, `12.5` is not completed, unless the amount changes from elsewhere.
  const [typing, setTyping] = useState<MoneyText>();
  const settled = value === undefined ? '' : textOf(value, style);
  const text = typing !== undefined && typing.amount === value ? typing.text : settled;
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
      inputMode={style.fractionDigits === 0 ? 'numeric' : 'decimal'}
      autoComplete="off"
      // As long as the largest amount with its separators.
      maxLength={21}
      value={text}
      rightSection={<span aria-hidden>{unit}</span>}
      rightSectionWidth={unit.length > 1 ? 56 : 40}
      onChange={({ currentTarget: { value: typed, selectionStart } }) => {
        const { text: next, amount } = moneyIn(typed, style) ?? { text, amount: value };
        caret.current = caretIn(typed, selectionStart ?? typed.length, next);
        setTyping({ text: next, amount });
        onChange(amount);
      }}
      onBlur={() => setTyping(undefined)}
    />
  );
};

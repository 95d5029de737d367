import { TextInput, type TextInputProps } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { amountIn } from '../../parts/money.ts';

interface StockInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: number | undefined;
  readonly onChange: (stock: number | undefined) => void;
}

/** A field for a number of units: digits only. */
export const StockInput = ({ value, onChange, ...props }: StockInputProps) => {
  const format = useFormat();
  return (
    <TextInput
      {...props}
      inputMode="numeric"
      autoComplete="off"
      maxLength={21}
      value={value === undefined ? '' : format.number(value)}
      onChange={({ currentTarget }) => onChange(amountIn(currentTarget.value))}
    />
  );
};

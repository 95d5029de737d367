import { NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { statusMessages } from '../../shop/order/status.tsx';
import type { Filters } from '../parts/filters.ts';
import { idIn } from '../parts/id.ts';
import { STATUSES, isBackwards, isUserId } from './filters.ts';
import classes from './orders.module.css';
import { ProductFilter } from './product-filter.tsx';

const messages = defineMessages({
  en: {
    filters: 'Filters',
    find: 'Find an order',
    findHint: 'Whole order number',
    notAnId: 'Enter the whole order number',
    status: 'Status',
    any: 'All',
    customer: 'Customer',
    notAUser: 'Letters, digits, - and _ only',
    from: 'From',
    to: 'Until, included',
    backwards: 'This is before the first day',
  },
  ko: {
    filters: '필터',
    find: '주문 찾기',
    findHint: '주문 번호 전체',
    notAnId: '주문 번호를 끝까지 입력해 주세요',
    status: '상태',
    any: '전체',
    customer: '고객',
    notAUser: '영문, 숫자, -, _만 쓸 수 있어요',
    from: '시작일',
    to: '종료일(포함)',
    backwards: '시작일보다 빨라요',
  },
});

interface FilterBarProps {
  readonly filters: Filters;
  readonly onChange: (changed: Readonly<Record<string, string | undefined>>) => void;
}

/** Opens the order whose number is typed or pasted. */
const FindOrder = ({ onChange }: Pick<FilterBarProps, 'onChange'>) => {
  const t = useMessages(messages);
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const find = (event: FormEvent): void => {
    event.preventDefault();
    const orderId = idIn(text);
    setWrong(orderId === undefined && text.trim() !== '');
    if (orderId === undefined) return;
    setText('');
    onChange({ order: orderId });
  };
  return (
    <search>
      <form onSubmit={find}>
        <TextInput
          size="xs"
          type="search"
          label={t.find}
          placeholder={t.findHint}
          value={text}
          error={isWrong ? t.notAnId : undefined}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setWrong(false);
          }}
        />
      </form>
    </search>
  );
};

/** A filter by the customer, taken when Enter is pressed or the field is left. */
const CustomerFilter = ({ filters, onChange }: FilterBarProps) => {
  const t = useMessages(messages);
  const [text, setText] = useState(filters['user'] ?? '');
  const take = (): void => {
    const user = text.trim();
    if (user !== (filters['user'] ?? '')) onChange({ user });
  };
  return (
    <TextInput
      size="xs"
      type="search"
      label={t.customer}
      value={text}
      autoCapitalize="none"
      error={text.trim() === '' || isUserId(text.trim()) ? undefined : t.notAUser}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={take}
      onKeyDown={({ key }) => {
        if (key === 'Enter') take();
      }}
    />
  );
};

/** The filters of the list of orders. */
export const FilterBar = ({ filters, onChange }: FilterBarProps) => {
  const t = useMessages(messages);
  const statuses = useMessages(statusMessages);
  return (
    <section className={classes.filters} aria-label={t.filters}>
      <FindOrder onChange={onChange} />
      <NativeSelect
        size="xs"
        label={t.status}
        value={STATUSES.find((status) => status === filters['status']) ?? ''}
        data={[
          { value: '', label: t.any },
          ...STATUSES.map((status) => ({ value: status, label: statuses[status] })),
        ]}
        onChange={({ currentTarget }) => onChange({ status: currentTarget.value })}
      />
      <CustomerFilter key={filters['user']} filters={filters} onChange={onChange} />
      <ProductFilter
        productId={idIn(filters['product'] ?? '')}
        onChange={(product) => onChange({ product })}
      />
      <TextInput
        size="xs"
        type="date"
        label={t.from}
        value={filters['from'] ?? ''}
        onChange={({ currentTarget }) => onChange({ from: currentTarget.value })}
      />
      <TextInput
        size="xs"
        type="date"
        label={t.to}
        value={filters['to'] ?? ''}
        error={isBackwards(filters) ? t.backwards : undefined}
        onChange={({ currentTarget }) => onChange({ to: currentTarget.value })}
      />
    </section>
  );
};

import { Combobox, Loader, Modal, TextInput, useCombobox } from '@mantine/core';
import { IconBox, IconReceipt, IconSearch, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState, type KeyboardEvent } from 'react';
import { inBrowser } from '../../api/storage.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { ProblemNotice, problemIn } from '../../parts/problem-notice.tsx';
import classes from './dialog.module.css';
import { addRecent, KINDS, placeOf, readRecent, type Hit } from './hits.ts';
import { useHits } from './use-hits.ts';

const messages = defineMessages({
  en: {
    search: 'Search',
    hint: 'Order id, user or product',
    order: 'Orders',
    user: 'Users',
    product: 'Products',
    recent: 'Opened before',
    begin: 'Type the id of an order, the name or id of a user, or words of a product.',
    nothing: 'Nothing was found.',
    found: (count: number) => `${count} found`,
  },
  ko: {
    search: '찾기',
    hint: '주문 번호, 사용자, 상품',
    order: '주문',
    user: '사용자',
    product: '상품',
    recent: '전에 열어 본 것',
    begin: '주문 번호, 사용자 이름이나 ID, 상품 이름을 입력해 주세요.',
    nothing: '찾은 것이 없어요.',
    found: (count: number) => `${count}개 찾음`,
  },
});

const ICONS = { order: IconReceipt, user: IconUser, product: IconBox };
/** As long as the API accepts. */
const TEXT_MAX = 100;

const keyOf = ({ kind, id }: Hit): string => `${kind}:${id}`;

/** What was opened before, kept in this browser for this person. */
const useRecent = (userId: string) => {
  const place = `moa:console-recent:${userId}`;
  const [recent] = useState(() => readRecent(inBrowser.getItem(place)));
  const keep = (hit: Hit): void => {
    inBrowser.setItem(place, JSON.stringify(addRecent(recent, hit)));
  };
  return { recent, keep };
};

interface RowProps {
  readonly hit: Hit;
  readonly disabled: boolean;
}

const Row = ({ hit, disabled }: RowProps) => {
  const Icon = ICONS[hit.kind];
  return (
    <Combobox.Option value={keyOf(hit)} disabled={disabled} className={classes.option}>
      <Icon size={18} aria-hidden />
      <span className={classes.name}>{hit.name}</span>
      <span className={classes.note}>{hit.note}</span>
    </Combobox.Option>
  );
};

interface SearchProps {
  readonly userId: string;
  readonly onClose: () => void;
}

const Search = ({ userId, onClose }: SearchProps) => {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const combobox = useCombobox({ opened: true });
  const { recent, keep } = useRecent(userId);
  const [isEntered, setIsEntered] = useState(false);
  const { hits, error, isCurrent, refetch } = useHits(text);
  const isAsked = text.trim() !== '';
  const isOld = isAsked && !isCurrent;
  const shown = isAsked ? (hits ?? []) : recent;
  const groups = isAsked
    ? KINDS.map((kind) => ({ label: t[kind], hits: shown.filter((hit) => hit.kind === kind) }))
    : [{ label: t.recent, hits: shown }];
  const { selectFirstOption, resetSelectedOption } = combobox;
  const keys = isOld ? '' : shown.map(keyOf).join(' ');
  // Enter opens the first hit.
  useEffect(() => {
    if (keys === '') resetSelectedOption();
    else selectFirstOption();
  }, [keys, selectFirstOption, resetSelectedOption]);
  const open = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    keep(hit);
    onClose();
    void navigate(placeOf(hit));
  };
  const enter = ({ key, nativeEvent }: KeyboardEvent): void => {
    if (key === 'Enter' && !nativeEvent.isComposing && isOld) setIsEntered(true);
  };
  const openFirst = useEffectEvent(() => open(shown[0]));
  // Enter was pressed before the hits of the text were there.
  useEffect(() => {
    if (isEntered && isCurrent) openFirst();
  }, [isEntered, isCurrent]);
  const status = (): string => {
    if (!isAsked) return recent.length === 0 ? t.begin : '';
    if (isOld) return '';
    return shown.length === 0 ? t.nothing : t.found(shown.length);
  };
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(key) => open(shown.find((hit) => keyOf(hit) === key))}
    >
      <Combobox.EventsTarget>
        <TextInput
          aria-label={t.search}
          placeholder={t.hint}
          size="md"
          leftSection={<IconSearch size={18} aria-hidden />}
          rightSection={isOld && error === null ? <Loader size={16} /> : null}
          maxLength={TEXT_MAX}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setIsEntered(false);
          }}
          onKeyDown={enter}
          data-autofocus
        />
      </Combobox.EventsTarget>
      <div className={classes.results}>
        {isAsked && error !== null ? (
          <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />
        ) : (
          <Combobox.Options>
            {groups.map(({ label, hits: list }) =>
              list.length === 0 ? null : (
                <Combobox.Group key={label} label={label}>
                  {list.map((hit) => (
                    <Row key={keyOf(hit)} hit={hit} disabled={isOld} />
                  ))}
                </Combobox.Group>
              ),
            )}
          </Combobox.Options>
        )}
        <output className={classes.status}>{status()}</output>
      </div>
    </Combobox>
  );
};

/** The search of the console: arrow keys choose, Enter opens. */
const SearchDialog = ({ opened, ...rest }: SearchProps & { readonly opened: boolean }) => {
  const t = useMessages(messages);
  return (
    <Modal
      opened={opened}
      onClose={rest.onClose}
      withCloseButton={false}
      yOffset="12dvh"
      size={620}
      padding="sm"
      aria-label={t.search}
    >
      <Search {...rest} />
    </Modal>
  );
};

export default SearchDialog;

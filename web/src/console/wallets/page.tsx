import { Button, Text, Title } from '@mantine/core';
import { IconWallet } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { usePageTitle } from '../../parts/page-title.ts';
import { Empty } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useFilters } from '../parts/filters.ts';
import { ListTable, type Column } from '../parts/list-table.tsx';
import { ListWithPanel } from '../parts/side-panel.tsx';
import { UserPanel } from './panel.tsx';
import { usersQuery, type User } from './queries.ts';
import { SearchField } from './search-field.tsx';
import classes from './wallets.module.css';

const messages = defineMessages({
  en: {
    title: 'Wallets',
    id: 'Id',
    name: 'Name',
    noName: 'no name',
    created: 'Created',
    none: 'No customers yet',
    noneText: 'A customer appears here with the first visit, and has a wallet from then on.',
    noMatch: (text: string) => `No customer fits "${text}"`,
    noMatchText: 'The search takes the beginning of an id, or words of a name.',
    all: 'Show all',
  },
  ko: {
    title: '지갑',
    id: 'id',
    name: '이름',
    noName: '이름 없음',
    created: '등록한 때',
    none: '아직 고객이 없어요',
    noneText: '고객이 처음 오면 여기에 나타나고, 그때부터 지갑이 있어요.',
    noMatch: (text: string) => `"${text}"에 맞는 고객이 없어요`,
    noMatchText: 'id의 앞부분이나 이름의 단어로 찾아요.',
    all: '모두 보기',
  },
});

const useUserColumns = (): readonly Column<User>[] => {
  const t = useMessages(messages);
  return [
    {
      header: t.name,
      cell: ({ name }) =>
        name === null ? (
          <Text component="span" size="sm" c="dimmed" className={classes.line}>
            {t.noName}
          </Text>
        ) : (
          <Text component="bdi" size="sm" fw={600} lineClamp={2} title={name}>
            {name}
          </Text>
        ),
      csv: ({ name }) => name,
    },
    {
      header: t.id,
      cell: ({ userId }) => (
        <span className={classes.id} title={userId}>
          {userId}
        </span>
      ),
      csv: ({ userId }) => userId,
    },
    {
      header: t.created,
      align: 'right',
      width: 180,
      minor: 'phone',
      cell: ({ createdAt }) => <Time at={createdAt} />,
      csv: ({ createdAt }) => createdAt,
    },
  ];
};

/** The users, found by id or name; the wallet of one can be open beside the list. */
export const WalletsPage = () => {
  const t = useMessages(messages);
  usePageTitle(t.title);
  const [filters, change] = useFilters();
  const text = (filters['query'] ?? '').slice(0, 100);
  const list = usersQuery(text);
  const query = useInfiniteQuery(list);
  const openKey = filters['user'];
  const columns = useUserColumns();
  const [cleared, setCleared] = useState(0);
  const showAll = (): void => {
    change({ query: undefined });
    // The field begins anew, empty.
    setCleared(cleared + 1);
  };
  const icon = <IconWallet size={40} stroke={1.2} />;
  return (
    <>
      <Title mb="sm">{t.title}</Title>
      <ListWithPanel
        list={
          <>
            <SearchField key={cleared} text={text} onSearch={(found) => change({ query: found })} />
            <ListTable
              name={t.title}
              columns={columns}
              query={query}
              readPage={list.readPage}
              keyOf={({ userId }) => userId}
              empty={
                text === '' ? (
                  <Empty icon={icon} title={t.none} text={t.noneText} />
                ) : (
                  <Empty
                    icon={icon}
                    title={t.noMatch(text)}
                    text={t.noMatchText}
                    action={
                      <Button variant="default" onClick={showAll}>
                        {t.all}
                      </Button>
                    }
                  />
                )
              }
              openKey={openKey}
              onOpen={({ userId }) => change({ user: userId })}
            />
          </>
        }
        panel={
          openKey === undefined ? null : (
            <UserPanel key={openKey} userId={openKey} onClose={() => change({ user: undefined })} />
          )
        }
      />
    </>
  );
};

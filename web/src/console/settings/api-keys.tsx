import { Button, Code, Group, Text, Title } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { Empty } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { Confirmation } from '../parts/confirmation.tsx';
import { ListTable, type Column } from '../parts/list-table.tsx';
import { settingsMessages } from './messages.ts';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { apiKeysQuery, type ApiKey } from './queries.ts';
import classes from './settings.module.css';

/** In one line, so that a narrow table scrolls; the whole text on hover. */
const Cell = ({ text }: { readonly text: string }) => (
  <span className={classes.cell} title={text}>
    {text}
  </span>
);

const useColumns = (onRevoke: (key: ApiKey) => void): Column<ApiKey>[] => {
  const t = useMessages(settingsMessages);
  const format = useFormat();
  const expiryOf = ({ expiresAt }: ApiKey): string => {
    if (expiresAt === null) return t.never;
    return Date.parse(expiresAt) < Date.now() ? t.expired : format.short(expiresAt);
  };
  return [
    { header: t.name, cell: ({ name }) => <Cell text={name} />, csv: ({ name }) => name },
    {
      header: t.prefix,
      cell: ({ prefix }) => <Code className={classes.cell}>{prefix}…</Code>,
      csv: ({ prefix }) => prefix,
    },
    { header: t.role, cell: ({ role }) => <Cell text={t[role]} />, csv: ({ role }) => role },
    { header: t.actsAs, cell: ({ userId }) => <Cell text={userId} />, csv: ({ userId }) => userId },
    {
      header: t.created,
      cell: ({ createdAt }) => <Time at={createdAt} />,
      csv: ({ createdAt }) => createdAt,
    },
    {
      header: t.createdBy,
      cell: ({ createdBy }) => <Cell text={createdBy} />,
      csv: ({ createdBy }) => createdBy,
    },
    {
      header: t.lastUsed,
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? t.never : <Time at={lastUsedAt} />),
      csv: ({ lastUsedAt }) => lastUsedAt,
    },
    {
      header: t.expiry,
      cell: (key) => <Cell text={expiryOf(key)} />,
      csv: ({ expiresAt }) => expiresAt,
    },
    {
      header: t.actions,
      align: 'right',
      cell: (key) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t.revokeOf(key.name)}
          onClick={() => onRevoke(key)}
        >
          {t.revoke}
        </Button>
      ),
    },
  ];
};

/** The keys that are accepted, a new one, and the end of one. */
export const ApiKeys = () => {
  const t = useMessages(settingsMessages);
  const client = useQueryClient();
  const query = useInfiniteQuery(apiKeysQuery);
  const [isMaking, setIsMaking] = useState(false);
  // The key stays known while the question closes.
  const [asked, setAsked] = useState<ApiKey>();
  const [isAsked, setIsAsked] = useState(false);
  const columns = useColumns((key) => {
    setAsked(key);
    setIsAsked(true);
  });
  const make = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setIsMaking(true)}>
      {t.newKey}
    </Button>
  );
  const isEmpty = query.data?.pages.every(({ items }) => items.length === 0) === true;
  return (
    <section className={classes.section} aria-label={t.keys}>
      <Group justify="space-between" mb="xs" align="flex-start" wrap="nowrap">
        <div>
          <Title order={2}>{t.keys}</Title>
          <Text size="sm" c="dimmed">
            {t.keysText}
          </Text>
        </div>
        {isEmpty ? null : <div className={classes.fixed}>{make}</div>}
      </Group>
      <ListTable
        name={t.keys}
        columns={columns}
        query={query}
        readPage={apiKeysQuery.readPage}
        keyOf={({ apiKeyId }) => apiKeyId}
        empty={
          <Empty
            icon={<IconKey size={40} stroke={1.2} />}
            title={t.noKeys}
            text={t.noKeysText}
            action={make}
          />
        }
      />
      <NewKeyDialog opened={isMaking} onClose={() => setIsMaking(false)} />
      <Confirmation
        opened={isAsked}
        onClose={() => setIsAsked(false)}
        title={t.revokeQuestion(asked?.name ?? '')}
        effect={t.revokeEffect(asked?.prefix ?? '')}
        action={t.revokeAction}
        run={() =>
          moa.calls.delete('/v1/api-keys/{apiKeyId}', {
            path: { apiKeyId: asked?.apiKeyId ?? '' },
          })
        }
        onDone={() => {
          setIsAsked(false);
          void client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
        }}
      />
    </section>
  );
};

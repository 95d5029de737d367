import { ActionIcon, CopyButton, Group, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import classes from './short-id.module.css';

const messages = defineMessages({
  en: { copy: (id: string) => `Copy ${id}`, copied: 'Copied' },
  ko: { copy: (id: string) => `${id} 복사하기`, copied: '복사했어요' },
});

/** Ids begin with their time; the end tells them apart. */
const SHOWN = 8;

/** The end of an id; the whole one is copied. */
export const shortId = (id: string): string => id.slice(-SHOWN);

/** An id, short and in a fixed width, with a button that copies the whole of it. */
export const ShortId = ({
  id,
  whole = false,
}: {
  readonly id: string;
  readonly whole?: boolean;
}) => {
  const t = useMessages(messages);
  const shown = whole ? id : shortId(id);
  return (
    <Group gap={2} wrap="nowrap" component="span" display="inline-flex">
      <span className={whole ? `${classes.id} ${classes.whole}` : classes.id} title={id}>
        {shown}
      </span>
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color={copied ? 'var(--moa-good)' : 'gray'}
            size="sm"
            aria-label={t.copy(shown)}
            onClick={copy}
          >
            {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            <VisuallyHidden component="output">{copied ? t.copied : ''}</VisuallyHidden>
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
};

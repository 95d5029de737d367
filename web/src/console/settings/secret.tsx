import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import { useMessages } from '../../i18n/locale.tsx';
import classes from './settings.module.css';
import { settingsMessages } from './messages.ts';

const COPIED_MS = 2_000;

interface SecretProps {
  /** Undefined when only the key's text was lost with the first answer. */
  readonly secret: string | undefined;
  readonly onKept: () => void;
}

/** The text of a new key, which is shown only once. */
export const Secret = ({ secret, onKept }: SecretProps) => {
  const t = useMessages(settingsMessages);
  return (
    <Stack>
      <Alert
        variant="outline"
        color="var(--moa-warn)"
        icon={<IconAlertTriangle size={20} aria-hidden />}
      >
        <Text size="sm">{secret === undefined ? t.lost : t.madeText}</Text>
      </Alert>
      {secret === undefined ? null : (
        <Group wrap="nowrap" align="stretch">
          <Code className={classes.secret} aria-label={t.secret}>
            {secret}
          </Code>
          <CopyButton value={secret} timeout={COPIED_MS}>
            {({ copied, copy }) => (
              <Button
                className={classes.fixed}
                variant="default"
                leftSection={
                  copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
                }
                onClick={copy}
                data-autofocus
              >
                <span aria-live="polite">{copied ? t.copied : t.copy}</span>
              </Button>
            )}
          </CopyButton>
        </Group>
      )}
      <Group justify="flex-end">
        <Button onClick={onKept}>{t.kept}</Button>
      </Group>
    </Stack>
  );
};

import { Button, CopyButton, Group, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { newSecret } from './fields.ts';
import { formMessages } from './form-messages.ts';
import type { Destination } from './queries.ts';

interface SecretFieldProps {
  readonly kind: Destination['kind'];
  readonly isNew: boolean;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (secret: string) => void;
}

/** The secret of a destination, which is written and never read; one that fits can be made here. */
export const SecretField = ({ kind, isNew, value, error, onChange }: SecretFieldProps) => {
  const t = useMessages(formMessages);
  const [isShown, setShown] = useState(false);
  const isWebhook = kind === 'webhook';
  const label = { webhook: t.secretWebhook, nats: t.secretNats, kafka: t.secretKafka }[kind];
  const hint = { webhook: t.secretHint, nats: t.tokenHint, kafka: t.userHint }[kind];
  const keep = isWebhook ? t.keepWebhook : t.keepNats;
  return (
    <div>
      <PasswordInput
        label={label}
        description={isNew ? hint : keep}
        autoComplete="off"
        data-1p-ignore
        dir="ltr"
        maxLength={200}
        value={value}
        error={error}
        visibilityToggleFocusable
        visibilityToggleButtonProps={{ 'aria-label': t.showSecret }}
        visible={isShown}
        onVisibilityChange={setShown}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      {isWebhook ? (
        <Group gap={8} mt={6}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              onChange(newSecret());
              setShown(true);
            }}
          >
            {t.make}
          </Button>
          {value === '' ? null : (
            <CopyButton value={value}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy} aria-live="polite">
                  {copied ? t.copied : t.copy}
                </Button>
              )}
            </CopyButton>
          )}
        </Group>
      ) : null}
    </div>
  );
};

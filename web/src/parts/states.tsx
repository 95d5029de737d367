import { Center, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: string;
  /** The invitation: a button or a link. */
  readonly action?: ReactNode;
}

/** An empty page or list, which invites. */
export const Empty = ({ icon, title, text, action }: EmptyProps) => (
  <Center mih={280} p="lg">
    <Stack align="center" gap="sm" ta="center">
      <Text c="dimmed" aria-hidden>
        {icon}
      </Text>
      <Title order={2}>{title}</Title>
      {text === undefined ? null : (
        <Text c="dimmed" maw={480}>
          {text}
        </Text>
      )}
      {action}
    </Stack>
  </Center>
);

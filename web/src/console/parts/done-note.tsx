import { Group, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import classes from './done-note.module.css';

/** Says what was done; read out when it appears. */
export const DoneNote = ({ text }: { readonly text: string | undefined }) => (
  <output className={classes.note}>
    {text === undefined ? null : (
      <Group gap={8} wrap="nowrap" align="flex-start" c="var(--moa-good)">
        <IconCircleCheck size={18} aria-hidden className={classes.icon} />
        <Text size="sm" fw={600}>
          {text}
        </Text>
      </Group>
    )}
  </output>
);

import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useMessages } from '../../i18n/locale.tsx';
import classes from './delivery.module.css';
import { deliveryMessages } from './messages.ts';
import type { Attempt } from './queries.ts';

/** What an attempt came to, with an icon and a word. */
export const Outcome = ({ outcome }: { readonly outcome: Attempt['outcome'] }) => {
  const words = useMessages(deliveryMessages);
  const isDelivered = outcome === 'delivered';
  const Icon = isDelivered ? IconCircleCheck : IconCircleX;
  return (
    <Text
      component="span"
      size="sm"
      fw={600}
      className={classes.state}
      c={isDelivered ? 'var(--moa-good)' : 'var(--moa-bad)'}
    >
      <Icon size={16} aria-hidden />
      {words[outcome]}
    </Text>
  );
};

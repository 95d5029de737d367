import { Skeleton, Stack, Title } from '@mantine/core';
import { useMessages } from '../../i18n/locale.tsx';
import { checkoutMessages } from './messages.ts';
import classes from './checkout.module.css';

/** The sheet before its lines and figures are read. */
export const Loading = () => {
  const t = useMessages(checkoutMessages);
  return (
    <Stack className={classes.sheet} gap="md" aria-busy>
      <Title order={1}>{t.title}</Title>
      <Skeleton h={56} />
      <Skeleton h={56} />
      <Skeleton h={104} />
      <Skeleton h={56} />
    </Stack>
  );
};

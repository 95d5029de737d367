import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useMessages } from '../../../i18n/locale.tsx';
import { ProblemNotice, problemIn } from '../../../parts/problem-notice.tsx';
import type { Bought } from './check.ts';
import { proofMessages } from './messages.ts';
import { OutcomeView } from './outcome.tsx';
import classes from './proof.module.css';

/** Checks the receipt of a paid order in this browser and shows what was proven. */
export const ReceiptCheck = ({ order }: { readonly order: Bought }) => {
  const t = useMessages(proofMessages);
  const check = useMutation({
    // The verification is loaded when it is needed.
    mutationFn: async () => (await import('./read.ts')).checkReceipt(order),
  });
  return (
    <section aria-label={t.check} aria-live="polite" className={classes.proof}>
      {check.data === undefined ? null : <OutcomeView outcome={check.data} />}
      {check.error === null ? null : (
        <ProblemNotice problem={problemIn(check.error)} onRetry={() => check.mutate()} />
      )}
      {check.data === undefined && check.error === null ? (
        <Button
          variant="light"
          fullWidth
          loading={check.isPending}
          leftSection={<IconShieldCheck size={18} aria-hidden />}
          onClick={() => check.mutate()}
        >
          {t.check}
        </Button>
      ) : null}
    </section>
  );
};

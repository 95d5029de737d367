import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import { useMessages } from '../../i18n/locale.tsx';
import { proofMessages } from './messages.ts';
import classes from './proof.module.css';
import type { Audit } from './rules.ts';

const LOOKS = {
  holds: { icon: IconCircleCheck, color: 'var(--moa-good)' },
  broken: { icon: IconCircleX, color: 'var(--moa-bad)' },
  unproven: { icon: IconHelpCircle, color: 'var(--moa-muted)' },
};

/** A verdict as icon, word and colour. */
export const Verdict = ({ verdict }: { readonly verdict: Audit['verdict'] }) => {
  const t = useMessages(proofMessages);
  const { icon: Icon, color } = LOOKS[verdict];
  return (
    <span className={classes.verdict} style={{ color }}>
      <Icon size={18} aria-hidden /> {t[verdict]}
    </span>
  );
};

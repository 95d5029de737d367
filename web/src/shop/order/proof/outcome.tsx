import { Button, Group, Stack, Text, Title } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleX,
  IconDownload,
  IconInfoCircle,
  IconRosetteDiscountCheck,
} from '@tabler/icons-react';
import { useFormat } from '../../../i18n/format.ts';
import { useMessages } from '../../../i18n/locale.tsx';
import { saveFile } from '../../../parts/save-file.ts';
import type { Outcome } from './check.ts';
import { proofMessages } from './messages.ts';
import classes from './proof.module.css';

interface HeadProps {
  readonly icon: typeof IconCircleX;
  readonly colour: string;
  readonly title: string;
}

const Head = ({ icon: Icon, colour, title }: HeadProps) => (
  <Group gap={8} wrap="nowrap" align="flex-start" c={colour}>
    <Icon size={24} aria-hidden className={classes.icon} />
    <Title order={2} size="h3">
      {title}
    </Title>
  </Group>
);

type Proven = Outcome & { readonly kind: 'proven' };

const KeyChanged = ({ kept }: Pick<Proven, 'kept'>) => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  return (
    <div role="alert">
      <Head icon={IconAlertTriangle} colour="var(--moa-warn)" title={t.changed} />
      <Text size="sm" mt={4}>
        {t.changedText(format.exact(kept.since))}
      </Text>
      <Text size="xs" c="dimmed" mt={4}>
        {t.known}
      </Text>
      <span className={classes.code}>{kept.verifierKey}</span>
    </div>
  );
};

const ProvenFacts = ({ outcome }: { readonly outcome: Proven }) => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  const { event, origin, treeSize } = outcome.verdict;
  const { text, fingerprint } = outcome.key;
  const { orderId, total, currency } = event.data;
  const facts = [
    [
      t.order,
      <span key="order" className={classes.code}>
        {orderId}
      </span>,
    ],
    [t.total, <strong key="total">{format.money(total, currency)}</strong>],
    [t.time, format.exact(event.time)],
    [t.origin, <bdi key="origin">{origin}</bdi>],
    [t.size, t.events(format.number(treeSize), treeSize === 1)],
    [
      t.key,
      <span key="key" className={classes.code}>
        {text}
      </span>,
    ],
    [
      t.fingerprint,
      <span key="fingerprint" className={classes.code}>
        {fingerprint}
      </span>,
    ],
  ] as const;
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

const ProvenReceipt = ({ outcome }: { readonly outcome: Proven }) => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  const { verdict, file, key, kept } = outcome;
  const name = `receipt-${verdict.event.data.orderId}.json`;
  return (
    <Stack gap="md">
      {kept.verifierKey === key.text ? null : <KeyChanged kept={kept} />}
      <Head icon={IconRosetteDiscountCheck} colour="var(--moa-good)" title={t.proven} />
      <Text size="sm">
        {t.means} {t.limit}
      </Text>
      <ProvenFacts outcome={outcome} />
      {kept.verifierKey === key.text ? (
        <Text size="xs" c="dimmed">
          {t.trust(format.exact(kept.since))}
        </Text>
      ) : null}
      <Group className="no-print">
        <Button
          variant="default"
          size="sm"
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={() => saveFile(name, file, 'application/json')}
        >
          {t.save}
        </Button>
      </Group>
      <div>
        <Text size="xs" c="dimmed">
          {t.later}
        </Text>
        <code className={classes.code}>
          npm run receipt -- verify {name} --key &apos;{key.text}&apos;
        </code>
      </div>
    </Stack>
  );
};

/** What the check of a receipt has proven, or why it has proven nothing. */
export const OutcomeView = ({ outcome }: { readonly outcome: Outcome }) => {
  const t = useMessages(proofMessages);
  if (outcome.kind === 'proven') return <ProvenReceipt outcome={outcome} />;
  if (outcome.kind === 'missing') {
    return (
      <Stack gap="xs">
        <Head icon={IconInfoCircle} colour="var(--moa-warn)" title={t.missing} />
        <Text size="sm">{t[outcome.what]}</Text>
      </Stack>
    );
  }
  return (
    <Stack gap="xs">
      <Head icon={IconCircleX} colour="var(--moa-bad)" title={t.rejected} />
      <Text size="sm">
        {t[outcome.fault]} {t.rejectedText}
      </Text>
    </Stack>
  );
};

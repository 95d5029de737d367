import { Box, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLocale, useMessages } from '../../i18n/locale.tsx';
import { KOREAN_RULES } from './korean-rules.ts';
import { proofMessages } from './messages.ts';
import classes from './proof.module.css';
import type { Audit } from './rules.ts';
import { Verdict } from './verdict.tsx';

interface ScrollProps {
  readonly name: string;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** Moves a table sideways where it is too wide; the keyboard reaches it, as nothing in it does. */
const Scroll = ({ name, isWide = false, children }: ScrollProps) => (
  <Box
    className={isWide ? `${classes.scroll} ${classes.wide}` : classes.scroll}
    component="section"
    aria-label={name}
    tabIndex={0}
  >
    {children}
  </Box>
);

/** Each invariant with its verdict. */
export const Invariants = ({ invariants }: Pick<Audit, 'invariants'>) => {
  const { locale } = useLocale();
  const t = useMessages(proofMessages);
  const format = useFormat();
  return (
    <div>
      <Title order={2} mb="xs">
        {t.invariants} ({format.number(invariants.length)})
      </Title>
      <Scroll name={t.invariants}>
        <Table aria-label={t.invariants}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th colSpan={2}>{t.rule}</Table.Th>
              <Table.Th>{t.verdict}</Table.Th>
              <Table.Th ta="right">{t.violations}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {invariants.map(({ invariant, rule, verdict, violationCount }) => (
              <Table.Tr key={invariant}>
                <Table.Td fw={600} className={classes.short}>
                  {invariant}
                </Table.Td>
                <Table.Td>{locale === 'ko' ? (KOREAN_RULES[invariant] ?? rule) : rule}</Table.Td>
                <Table.Td>
                  <Verdict verdict={verdict} />
                </Table.Td>
                <Table.Td ta="right">{format.number(violationCount)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </div>
  );
};

/** How far the visit of every row is, part by part. */
export const Scrubs = ({ scrubs }: Pick<Audit, 'scrubs'>) => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  return (
    <div>
      <Title order={2}>
        {t.scrub} ({format.number(scrubs.length)})
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t.scrubText}
      </Text>
      <Scroll name={t.scrub} isWide>
        <Table aria-label={t.scrub}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.part}</Table.Th>
              <Table.Th ta="right">{t.visited}</Table.Th>
              <Table.Th>{t.began}</Table.Th>
              <Table.Th>{t.completed}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {scrubs.map(({ part, visitedCount, beganAt, completedAt }) => (
              <Table.Tr key={part}>
                <Table.Td className={classes.value}>{part}</Table.Td>
                <Table.Td ta="right">{format.number(visitedCount)}</Table.Td>
                <Table.Td>{format.short(beganAt)}</Table.Td>
                <Table.Td>{completedAt === null ? t.running : format.short(completedAt)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </div>
  );
};

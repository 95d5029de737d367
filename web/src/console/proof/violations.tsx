import { Group, Table, Text, Title } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { TextLink } from '../../parts/link.tsx';
import { proofMessages } from './messages.ts';
import classes from './proof.module.css';
import { differencesOf, placeOf, type Violation } from './rules.ts';

const Subject = ({ violation }: { readonly violation: Violation }) => {
  const { kind, subject } = violation;
  const place = placeOf(violation);
  const text = `${kind} ${subject}`;
  return place === undefined ? (
    <bdi className={classes.value}>{text}</bdi>
  ) : (
    <TextLink to={place.to} search={place.search} className={classes.value}>
      {text}
    </TextLink>
  );
};

const Row = ({ violation }: { readonly violation: Violation }) => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  const { invariants, part, sincePosition, foundAt } = violation;
  const facts = [
    part,
    ...(sincePosition === null ? [] : [t.since(format.number(sincePosition))]),
    t.found(format.exact(foundAt)),
  ];
  return (
    <li className={classes.violation}>
      <Group gap={8}>
        <strong>{invariants.join(', ')}</strong>
        <Subject violation={violation} />
      </Group>
      <Text size="xs" c="dimmed" mb={4}>
        {facts.join(' · ')}
      </Text>
      <div className={classes.scroll}>
        <Table fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.field}</Table.Th>
              <Table.Th>{t.expected}</Table.Th>
              <Table.Th>{t.foundValue}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differencesOf(violation).map(({ field, expected, found }) => (
              <Table.Tr key={field}>
                <Table.Td>{field}</Table.Td>
                <Table.Td className={classes.value}>{expected ?? t.noRow}</Table.Td>
                <Table.Td className={classes.value}>{found ?? t.noRow}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </li>
  );
};

/** Every open violation with what was expected and found. */
export const Violations = ({ violations }: { readonly violations: readonly Violation[] }) => {
  const t = useMessages(proofMessages);
  const format = useFormat();
  return (
    <section aria-label={t.violations}>
      <Title order={2}>{t.violations}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {violations.length === 0
          ? t.noViolations
          : t.violationCount(format.number(violations.length))}
      </Text>
      <ul className={classes.violations}>
        {violations.map((violation) => (
          <Row
            key={`${violation.part} ${violation.subject} ${violation.foundAt}`}
            violation={violation}
          />
        ))}
      </ul>
    </section>
  );
};

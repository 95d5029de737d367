import { Table } from '@mantine/core';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import classes from './chart.module.css';
import { todayMessages } from './messages.ts';
import { MINUTE_MS, type MinutePoint } from './samples.ts';
import { useDuration, useMilliseconds } from './words.ts';

const UNKNOWN = '–';

/** The figures behind the chart and the small lines, by minutes, the newest first. */
export const MinuteTable = ({ points }: { readonly points: readonly MinutePoint[] }) => {
  const t = useMessages(todayMessages);
  const format = useFormat();
  const duration = useDuration();
  const milliseconds = useMilliseconds();
  const [isOpen, setIsOpen] = useState(false);
  const known = points.filter(({ orders }) => orders !== null).toReversed();
  const heads = [t.ordersLine, t.units, t.refusalsLine, t.queueLine, t.p99Line, t.lag];
  const cellsOf = ({ orders, operations }: MinutePoint): string[] => {
    const counted = orders === null ? UNKNOWN : format.number(orders);
    if (operations === null) return [counted, ...Array<string>(heads.length - 1).fill(UNKNOWN)];
    const { commitP99Ms } = operations;
    return [
      counted,
      format.number(operations.unitsPerMinute),
      format.number(operations.refusalsPerMinute),
      format.number(operations.queueLength),
      commitP99Ms === null ? UNKNOWN : milliseconds(commitP99Ms),
      duration(operations.deliveryLagSeconds),
    ];
  };
  return (
    <details
      className={classes.details}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>{t.table}</summary>
      {isOpen ? (
        <div className={classes.scroll}>
          <Table stickyHeader aria-label={t.chart}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.time}</Table.Th>
                {heads.map((head) => (
                  <Table.Th key={head} ta="right">
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {known.map((point) => (
                <Table.Tr key={point.at}>
                  <Table.Th scope="row">
                    {point.at % MINUTE_MS === 0 ? format.clock(point.at) : t.now}
                  </Table.Th>
                  {cellsOf(point).map((cell, index) => (
                    <Table.Td key={heads[index]} ta="right">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ) : null}
    </details>
  );
};

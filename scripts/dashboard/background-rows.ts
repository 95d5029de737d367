import { quantile, rate, samples, type Row } from './charts.ts';

/** A gauge that every process reads from the database: the same in each. */
const shared = (metric: string): string => `max(${samples(metric)})`;

const delivery: Row = {
  title: 'Delivery',
  charts: [
    {
      title: 'Lag',
      description: 'The age of the oldest event that a destination has not received.',
      unit: 's',
      lines: [
        {
          expr: `max by (destination) (${samples('moa_delivery_lag_seconds')})`,
          legend: '{{destination}}',
        },
      ],
    },
    {
      title: 'Attempts by outcome',
      description: 'A receiver that is repaired shows "delivered" again.',
      unit: 'ops',
      lines: [
        {
          expr: `sum by (destination, outcome) (${rate('moa_delivery_attempts_total')})`,
          legend: '{{outcome}} ({{destination}})',
        },
      ],
    },
    {
      title: 'Delivered events',
      description: 'Events that destinations have accepted.',
      unit: 'ops',
      lines: [
        {
          expr: `sum by (destination) (${rate('moa_delivery_events_total')})`,
          legend: '{{destination}}',
        },
      ],
    },
    {
      title: 'Waiting events and dead letters',
      description:
        'Waiting events are counted up to 10,000. Dead letters stay until somebody acts.',
      unit: 'short',
      lines: [
        {
          expr: `max by (destination) (${samples('moa_delivery_pending_events')})`,
          legend: 'waiting ({{destination}})',
        },
        {
          expr: `max by (destination) (${samples('moa_delivery_dead_letters')})`,
          legend: 'dead letters ({{destination}})',
        },
      ],
    },
  ],
};

const proof: Row = {
  title: 'Proof',
  charts: [
    {
      title: 'Open violations',
      description: 'Anything but 0 means that money, stock or an order may be wrong.',
      unit: 'short',
      lines: [{ expr: shared('moa_audit_violations'), legend: 'open' }],
    },
    {
      title: 'Proven position',
      description:
        'Every event up to this position is proven. The line rises while the shop sells.',
      unit: 'short',
      lines: [{ expr: shared('moa_audit_position'), legend: 'position' }],
    },
    {
      title: 'Events that are not proven yet',
      description: 'Rises while orders arrive faster than the audit reads, and falls afterwards.',
      unit: 'short',
      lines: [{ expr: shared('moa_audit_lag_events'), legend: 'events' }],
    },
    {
      title: 'Age of the proof',
      description: 'The age of the last proven snapshot.',
      unit: 's',
      lines: [{ expr: shared('moa_audit_age_seconds'), legend: 'last proof' }],
    },
    {
      title: 'Age of the scrub',
      description: 'The age of the oldest whole pass over rows that no event has changed.',
      unit: 's',
      lines: [{ expr: shared('moa_audit_scrub_age_seconds'), legend: 'oldest pass' }],
    },
    {
      title: 'Time of a round',
      description: 'One process at a time audits.',
      unit: 's',
      lines: [{ expr: quantile(0.99, 'moa_audit_round_seconds'), legend: '99 of 100' }],
    },
  ],
};

const resources: Row = {
  title: 'Resources',
  charts: [
    {
      title: 'Processor',
      description: 'Processors that a process uses. The thread that sells uses at most one.',
      unit: 'short',
      lines: [{ expr: rate('process_cpu_seconds_total'), legend: '{{instance}}' }],
    },
    {
      title: 'Memory',
      description: 'Memory of the process, and the part of it that JavaScript objects use.',
      unit: 'bytes',
      lines: [
        { expr: samples('process_resident_memory_bytes'), legend: 'process ({{instance}})' },
        { expr: samples('nodejs_heap_size_used_bytes'), legend: 'objects ({{instance}})' },
      ],
    },
    {
      title: 'Event loop',
      description: 'How late the event loop was in one of a hundred turns since the last scrape.',
      unit: 's',
      lines: [{ expr: samples('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' }],
    },
    {
      title: 'Connections for reads',
      description: 'Statements wait once every connection is used.',
      unit: 'short',
      lines: [
        {
          expr: samples('moa_read_connections', 'state="used"'),
          legend: 'used ({{instance}})',
        },
        { expr: samples('moa_read_queue_statements'), legend: 'waiting ({{instance}})' },
        { expr: `max(${samples('moa_read_connections_max')})`, legend: 'limit' },
      ],
    },
    {
      title: 'Undecided events',
      description: 'Above a second, another session holds a transaction open.',
      unit: 's',
      lines: [{ expr: shared('moa_journal_undecided_seconds'), legend: 'oldest' }],
    },
    {
      title: 'File descriptors',
      description: 'Each connection is one.',
      unit: 'percentunit',
      lines: [
        {
          expr: `${samples('process_open_fds')} / ${samples('process_max_fds')}`,
          legend: '{{instance}}',
        },
      ],
    },
  ],
};

/** What happens behind the answers. */
export const BACKGROUND_ROWS: readonly Row[] = [delivery, proof, resources];

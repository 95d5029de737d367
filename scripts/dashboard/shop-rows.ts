import { quantile, rate, samples, type Row } from './charts.ts';

const SALES = 'operation=~"checkout|placeOrder|payOrder"';
const OF_CARTS_AND_ORDERS =
  'operation=~"addCartItem|setCartItem|checkout|placeOrder|payOrder|cancelOrder|refundOrder"';
const OF_MONEY = 'operation=~"chargeWallet|withdrawFromWallet|refundOrder"';
const FROM_CALLERS = 'operation!~"getHealth|getReadiness|getMetrics"';

const alerts: Row = {
  title: 'Alerts and readiness',
  charts: [
    {
      title: 'Firing alerts',
      description: 'Each alert has a section in docs/runbooks.md.',
      unit: 'short',
      lines: [
        {
          expr: 'count by (alertname, severity) (ALERTS{alertstate="firing", alertname=~"Moa.*"})',
          legend: '{{alertname}} ({{severity}})',
        },
      ],
    },
    {
      title: 'Checks of /readyz',
      description: '1 is passed. A process with a 0 gets no requests from a load balancer.',
      unit: 'short',
      lines: [{ expr: samples('moa_ready_check'), legend: '{{check}} ({{instance}})' }],
    },
    {
      title: 'Processes by version',
      description: 'Two versions run side by side only during an update.',
      unit: 'short',
      lines: [
        {
          expr: `count by (version, node, postgres) (${samples('moa_build_info')})`,
          legend: 'Moa {{version}}, Node.js {{node}}, PostgreSQL {{postgres}}',
        },
      ],
    },
  ],
};

const sales: Row = {
  title: 'Sales',
  charts: [
    {
      title: 'Orders',
      description: 'Accepted checkouts, orders that reserve stock, and payments of such orders.',
      unit: 'ops',
      lines: [
        {
          expr: `sum by (operation) (${rate('moa_http_requests_total', SALES, 'status=~"2.."')})`,
          legend: '{{operation}}',
        },
      ],
    },
    {
      title: 'Refusals of carts and orders',
      description:
        '409 and 422 are refusals by the rules of the shop: sold out, no money, another price. ' +
        '503 are commands that were not carried out.',
      unit: 'ops',
      lines: [
        {
          expr:
            'sum by (operation, status) ' +
            `(${rate('moa_http_requests_total', OF_CARTS_AND_ORDERS, 'status=~"4..|503"')})`,
          legend: '{{operation}} {{status}}',
        },
      ],
    },
    {
      title: 'Charges, withdrawals and refunds',
      description: 'Accepted movements of money other than payments.',
      unit: 'ops',
      lines: [
        {
          expr: `sum by (operation) (${rate('moa_http_requests_total', OF_MONEY, 'status=~"2.."')})`,
          legend: '{{operation}}',
        },
      ],
    },
    {
      title: 'Overdue reservations',
      description: 'How late the oldest expiry is. More than a second keeps stock from being sold.',
      unit: 's',
      lines: [{ expr: `max(${samples('moa_expiry_lag_seconds')})`, legend: 'oldest' }],
    },
  ],
};

const answers: Row = {
  title: 'Answers',
  charts: [
    {
      title: 'Time to an answer, median',
      description: 'Half of the answers of an operation took no longer.',
      unit: 's',
      lines: [
        { expr: quantile(0.5, 'moa_http_request_seconds', ['operation']), legend: '{{operation}}' },
      ],
    },
    {
      title: 'Time to an answer, 99 of 100',
      description: 'One in a hundred answers of an operation took longer.',
      unit: 's',
      lines: [
        {
          expr: quantile(0.99, 'moa_http_request_seconds', ['operation']),
          legend: '{{operation}}',
        },
      ],
    },
    {
      title: 'Answers by status',
      description: 'Without the calls of load balancers and Prometheus.',
      unit: 'reqps',
      lines: [
        {
          expr: `sum by (status) (${rate('moa_http_requests_total', FROM_CALLERS)})`,
          legend: '{{status}}',
        },
      ],
    },
    {
      title: 'Share of 503 and of errors',
      description: 'Errors are 5xx without 501 and 503. The alerts fire at 1 % and at 0.1 %.',
      unit: 'percentunit',
      lines: ['status="503"', 'status=~"5..", status!~"501|503"'].map((condition, index) => ({
        expr:
          `sum(${rate('moa_http_requests_total', FROM_CALLERS, condition)}) / ` +
          `sum(${rate('moa_http_requests_total', FROM_CALLERS)})`,
        legend: index === 0 ? '503' : 'errors',
      })),
    },
    {
      title: 'Streams',
      description: 'Open streams of a process and their limit.',
      unit: 'short',
      lines: [
        { expr: samples('moa_http_streams'), legend: 'open ({{instance}})' },
        { expr: `max(${samples('moa_http_streams_max')})`, legend: 'limit' },
      ],
    },
    {
      title: 'Refused connections',
      description: 'Connections beyond MOA_CONNECTIONS_MAX, closed unread.',
      unit: 'ops',
      lines: [
        {
          expr: `sum by (instance) (${rate('moa_http_connections_refused_total')})`,
          legend: '{{instance}}',
        },
      ],
    },
  ],
};

const commit: Row = {
  title: 'The commit',
  charts: [
    {
      title: 'Commands in a transaction',
      description: 'More commands in a transaction are the answer of the service to more load.',
      unit: 'short',
      lines: [
        {
          expr:
            `sum(${rate('moa_commit_batch_commands_sum')}) / ` +
            `sum(${rate('moa_commit_batch_commands_count')})`,
          legend: 'mean',
        },
        { expr: quantile(0.99, 'moa_commit_batch_commands'), legend: '99 of 100' },
      ],
    },
    {
      title: 'Time of a transaction',
      description: 'From begin to commit. Slow commits without more load are those of the disk.',
      unit: 's',
      lines: [
        { expr: quantile(0.5, 'moa_commit_batch_seconds'), legend: 'median' },
        { expr: quantile(0.99, 'moa_commit_batch_seconds'), legend: '99 of 100' },
      ],
    },
    {
      title: 'Queue',
      description: 'Commands that wait for a transaction. At the limit they are answered 503.',
      unit: 'short',
      lines: [
        { expr: samples('moa_commit_queue_commands'), legend: 'waiting ({{instance}})' },
        { expr: `max(${samples('moa_commit_queue_max_commands')})`, legend: 'limit' },
      ],
    },
    {
      title: 'Transactions',
      description: 'Committed transactions, and attempts that failed.',
      unit: 'ops',
      lines: [
        { expr: `sum(${rate('moa_commit_batch_seconds_count')})`, legend: 'committed' },
        { expr: `sum(${rate('moa_commit_faults_total')})`, legend: 'failed' },
      ],
    },
  ],
};

/** What customers notice. */
export const SHOP_ROWS: readonly Row[] = [alerts, sales, answers, commit];

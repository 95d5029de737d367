import type { Report } from './report.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!);

type Cell = string | number | null;

const cell = (value: Cell): string =>
  typeof value === 'number'
    ? `<td class="number">${value.toLocaleString('en')}</td>`
    : `<td>${escape(value ?? '–')}</td>`;

const table = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const lines = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<table>
<thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead>
<tbody>
${lines}
</tbody>
</table>`;
};

/** The report as an HTML page, which reloads every few seconds. */
export const renderPage = ({ asOf, currency, totals, products, ordersPerMinute }: Report): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>Data platform</title>
<style>
body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #ccc; padding: 0.3rem 0.6rem; text-align: left; }
.number { font-variant-numeric: tabular-nums; text-align: right; }
</style>
</head>
<body>
<h1>Data platform</h1>
<p>The events that Moa has sent, as of ${escape(asOf)}. Amounts are in the minor unit of
${escape(currency ?? 'the currency')}. As JSON: <a href="/report">/report</a>.</p>
<h2>Totals</h2>
${table(
  ['Events', 'Orders paid', 'Refunds', 'Revenue'],
  [[totals.events, totals.orders, totals.refunds, totals.revenue]],
)}
<h2>Revenue per product</h2>
${table(
  ['Product', 'Units', 'Revenue'],
  products.map(({ productId, name, units, revenue }) => [name ?? productId, units, revenue]),
)}
<h2>Orders per minute</h2>
${table(
  ['Minute', 'Orders paid', 'Revenue before refunds'],
  ordersPerMinute.toReversed().map(({ minute, orders, revenue }) => [minute, orders, revenue]),
)}
</body>
</html>
`;

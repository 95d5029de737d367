import { Type, type Static } from 'typebox';
import {
  AMOUNT_MAX,
  Uuid,
  choice,
  defineRoute,
  invalid,
  named,
  nullable,
  ok,
  problem,
  type Reply,
  type Route,
} from '../contract/index.ts';
import { toCsv } from './csv.ts';
import { cutAt, daysBetween, daysOf } from './days.ts';
import type { DayFigures, Figures, ProductFigures, Report, SalesReports } from './sales-report.ts';
import { isTimeZone, TIME_ZONE_PATTERN } from './time-zone.ts';

/** A year and a month: bounds the cost of a report and the length of its list. */
const DAYS_MAX = 400;
/** Bounds the size of an answer to a few megabytes. */
const PRODUCTS_MAX = 20_000;
const CSV = 'text/csv';

const Count = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
const UNIT = "in the currency's minor unit";
const FIGURES = {
  orderCount: { ...Count, description: 'the orders that were paid' },
  unitsSold: { ...Count, description: 'their units' },
  grossRevenue: { ...Count, description: `what was paid for them, before refunds, ${UNIT}` },
  refundedUnits: { ...Count, description: 'the units refunded in this time, whenever sold' },
  refundedAmount: { ...Count, description: `what was refunded for them, ${UNIT}` },
  netRevenue: Type.Integer({
    minimum: -AMOUNT_MAX,
    maximum: AMOUNT_MAX,
    description: `grossRevenue − refundedAmount, ${UNIT}`,
  }),
};
const DateText = (description: string) =>
  Type.String({ pattern: '^20', format: 'date', description });
/** Sales are summed up in quarters of an hour. */
const QUARTER = '^([01][0-9]|2[0-3]):(00|15|30|45)$';
const By = choice(['day', 'product']);

const Query = named('SalesQuery', {
  from: DateText('the first day, YYYY-MM-DD'),
  to: DateText('the day after the last day, YYYY-MM-DD'),
  by: By,
  until: Type.Optional(
    Type.String({
      pattern: QUARTER,
      description:
        'counts each day up to this local time only, so that a day that has not ended can be ' +
        'compared; a quarter of an hour, only with `by=day`',
    }),
  ),
  timeZone: Type.Optional(
    Type.String({
      pattern: TIME_ZONE_PATTERN,
      maxLength: 64,
      description: 'a name of the IANA time zone database; default: `MOA_TIME_ZONE`',
    }),
  ),
});

const SalesReport = named('SalesReport', {
  from: Type.String(),
  to: Type.String(),
  by: By,
  timeZone: Type.String(),
  currency: Type.String(),
  total: named('SalesFigures', FIGURES),
  items: Type.Array(
    named('SalesReportLine', {
      day: Type.Optional(Type.String({ format: 'date' })),
      productId: Type.Optional(Uuid),
      name: Type.Optional(nullable(Type.String({ description: 'the name of the product now' }))),
      ...FIGURES,
    }),
  ),
});

/** The figures under the names of the API. */
const viewFigures = ({ orders, units, gross, refundedUnits, refunded }: Figures) => ({
  orderCount: orders,
  unitsSold: units,
  grossRevenue: gross,
  refundedUnits,
  refundedAmount: refunded,
  netRevenue: gross - refunded,
});

const viewItem = (item: DayFigures | ProductFigures) =>
  'day' in item
    ? { day: item.day, ...viewFigures(item) }
    : { productId: item.productId, name: item.name, ...viewFigures(item) };

const isExact = (figures: Figures): boolean =>
  Object.values(viewFigures(figures)).every((value) => value <= AMOUNT_MAX && value >= -AMOUNT_MAX);

/** Members with numbers instead of bigints, which `isExact` has shown to be safe. */
const withNumbers = (members: Readonly<Record<string, string | bigint>>): object =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? Number(value) : value,
    ]),
  );

const columnsOf = (by: Static<typeof By>): string[] => [
  ...(by === 'day' ? ['day'] : ['productId', 'name']),
  ...Object.keys(FIGURES),
];

const answerReport = (
  { total, items }: Report<DayFigures | ProductFigures>,
  about: { readonly by: Static<typeof By> },
  mediaType: string | undefined,
): Reply => {
  const rows = items.map(viewItem);
  if (mediaType === CSV) {
    return { kind: 'answer', status: 200, body: toCsv(rows, columnsOf(about.by)), mediaType };
  }
  // Every figure of an item is at most that of the total.
  if (!isExact(total)) {
    return invalid('/query/to', 'makes figures beyond 2^53 − 1; shorten the time or request CSV');
  }
  return ok({ ...about, total: withNumbers(viewFigures(total)), items: rows.map(withNumbers) });
};

/** Reading reports. */
export const reportRoutes = (
  reports: SalesReports,
  settings: { readonly currency: string; readonly timeZone: string },
): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/v1/reports/sales',
    operation: 'getSalesReport',
    summary: 'Sum up the sales and the refunds of some days, by day or by product',
    tag: 'Reports',
    access: ['staff'],
    query: Query,
    answers: { 200: SalesReport },
    mediaTypes: [CSV],
    problems: [],
    handle: async ({ query, mediaType }) => {
      const { from, to, by, until, timeZone = settings.timeZone } = query;
      if (!isTimeZone(timeZone)) {
        return invalid('/query/timeZone', 'must be a time zone of the IANA database');
      }
      const days = daysBetween(from, to);
      if (days < 1) return invalid('/query/to', 'must be after `from`');
      if (days > DAYS_MAX) {
        return invalid('/query/to', `must be at most ${DAYS_MAX} days after \`from\``);
      }
      if (until !== undefined && by !== 'day') {
        return invalid('/query/until', 'is for `by=day` only');
      }
      const whole = daysOf(from, to, timeZone);
      const wanted = until === undefined ? whole : cutAt(whole, until, timeZone);
      const report =
        by === 'day'
          ? await reports.byDay(wanted)
          : await reports.byProduct(wanted, PRODUCTS_MAX + 1);
      if (report === undefined) return problem({ code: 'overloaded' });
      if (by === 'product' && report.items.length > PRODUCTS_MAX) {
        const message = `makes a report of more than ${PRODUCTS_MAX} products; shorten the time`;
        return invalid('/query/to', message);
      }
      const about = { from, to, by, timeZone, currency: settings.currency };
      return answerReport(report, about, mediaType);
    },
  }),
];

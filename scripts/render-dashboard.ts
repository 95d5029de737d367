import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { BACKGROUND_ROWS } from './dashboard/background-rows.ts';
import type { Chart } from './dashboard/charts.ts';
import { SHOP_ROWS } from './dashboard/shop-rows.ts';
import type { GeneratedFile } from './generated.ts';

/** The data source that the reader of the dashboard chooses. */
const SOURCE = { type: 'prometheus', uid: '${source}' };

/** Grafana's grid has 24 columns: two charts beside each other can be read on a small screen. */
const CHART = { span: 12, height: 8 };

const panelOf = (id: number, { title, description, unit, lines }: Chart): PanelBuilder => {
  const panel = new PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .datasource(SOURCE)
    .span(CHART.span)
    .height(CHART.height)
    .fillOpacity(0)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    );
  for (const [index, { expr, legend }] of lines.entries()) {
    const refId = String.fromCodePoint('A'.codePointAt(0)! + index);
    panel.withTarget(new DataqueryBuilder().refId(refId).expr(expr).legendFormat(legend).range());
  }
  return panel;
};

const variables = () => [
  new DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'),
  new QueryVariableBuilder('job')
    .label('Job')
    .datasource(SOURCE)
    .query('label_values(moa_build_info, job)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc),
  new QueryVariableBuilder('instance')
    .label('Process')
    .datasource(SOURCE)
    .query('label_values(moa_build_info{job="$job"}, instance)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*'),
];

/** The dashboard for Grafana, in the JSON that its page "Import dashboard" reads. */
export const renderDashboard = (): GeneratedFile => {
  const dashboard = new DashboardBuilder('Moa')
    .uid('moa')
    .description('Sales, answers, transactions, delivery, proof and resources of Moa.')
    .tags(['moa'])
    .timezone('browser')
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables());
  let id = 0;
  for (const { title, charts } of [...SHOP_ROWS, ...BACKGROUND_ROWS]) {
    dashboard.withRow(new RowBuilder(title).id((id += 1)));
    for (const chart of charts) dashboard.withPanel(panelOf((id += 1), chart));
  }
  const content = `${JSON.stringify(dashboard.build(), undefined, 2)}\n`;
  return { path: 'ops/grafana/moa.json', content };
};

import uPlot from 'uplot';

export interface PlotText {
  readonly orders: string;
  readonly refusals: string;
  readonly perMinute: string;
  readonly clock: (ms: number) => string;
  readonly number: (value: number) => string;
}

/** Seconds since 1970, orders and refusals, each of the same length. */
export type PlotData = readonly [number[], (number | null)[], (number | null)[]];

/** The height of the chart in pixels, known before it is loaded, so that nothing jumps. */
const HEIGHT = 280;
const SECOND_MS = 1_000;

/** Values between unknown ones, which no line would show. */
const findLonely = (plot: uPlot, series: number): number[] => {
  const values = plot.data[series] ?? [];
  const isKnown = (index: number): boolean => typeof values[index] === 'number';
  return Array.from(values, (_value, index) => index).filter(
    (index) => isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1),
  );
};

const POINTS = { show: false, size: 6, filter: findLonely };

/** Draws orders and refusals by minutes into an element, in the colours of the page. */
export const drawPlot = (element: HTMLElement, data: PlotData, text: PlotText) => {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--moa-${name}`).trim();
  const axis = {
    stroke: colour('muted'),
    font: `12px ${style.fontFamily}`,
    labelFont: `12px ${style.fontFamily}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
  };
  const shown = (_plot: uPlot, value: number | null): string =>
    value === null ? '–' : text.number(value);
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      // The legend is in the page, in its language and for screen readers.
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(5, Math.ceil((max ?? 0) * 1.1))] } },
      axes: [
        {
          ...axis,
          size: 32,
          // Times with their half of the day stay apart.
          space: 88,
          values: (_plot, times) => times.map((time) => text.clock(time * SECOND_MS)),
        },
        {
          ...axis,
          label: text.perMinute,
          size: 56,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
          values: (_plot, values) => values.map((value) => text.number(value)),
        },
      ],
      series: [
        {},
        {
          label: text.orders,
          stroke: colour('accent'),
          width: 2,
          points: POINTS,
          value: shown,
        },
        {
          label: text.refusals,
          stroke: colour('text'),
          width: 2,
          dash: [6, 4],
          points: POINTS,
          value: shown,
        },
      ],
    },
    data as unknown as uPlot.AlignedData,
    element,
  );
  const observer = new ResizeObserver(() => {
    plot.setSize({ width: element.clientWidth, height: HEIGHT });
  });
  observer.observe(element);
  // A canvas does not change by itself when the font of the page arrives.
  let isRemoved = false;
  void document.fonts.load(axis.font, '0').then(() => {
    if (!isRemoved) plot.redraw(false, true);
  });
  return {
    show: (next: PlotData): void => plot.setData(next as unknown as uPlot.AlignedData),
    remove: (): void => {
      isRemoved = true;
      observer.disconnect();
      plot.destroy();
    },
  };
};

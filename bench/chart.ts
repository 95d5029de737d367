/** A part of a bar, with its colour. */
interface Part {
  readonly value: number;
  readonly series: string;
}

export interface Bar {
  readonly label: string;
  readonly parts: readonly Part[];
  /** What is written behind the bar. */
  readonly text: string;
}

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  readonly note: string;
  readonly groups: readonly BarGroup[];
}

const WIDTH = 860;
const LABELS = 150;
const TEXTS = 190;
const BAR = 16;
const ROW = 21;
const GROUP = 34;
const TOP = 58;
const MARGIN = 12;

/** Readable on white and on black: a contrast of at least 4 to both. */
const INK = '#7a7f87';
const COLOURS = ['#2f81f7', '#8b949e', '#d9822b', '#2da44e', '#a371f7', '#cf5b5b'];

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Draws horizontal bars in groups, each group to its own scale, as an SVG picture. */
export const renderChart = ({ title, note, groups }: BarChart): string => {
  const bars = groups.flatMap((group) => group.bars);
  const series = [...new Set(bars.flatMap(({ parts }) => parts.map((part) => part.series)))];
  const colourOf = (name: string): string => COLOURS[series.indexOf(name) % COLOURS.length] ?? INK;
  const lines: string[] = [];
  let y = TOP;
  for (const group of groups) {
    y += GROUP;
    lines.push(write(MARGIN, y - 10, group.title, 'weight'));
    const widest = Math.max(...group.bars.map(sumOf), Number.MIN_VALUE);
    const scale = (WIDTH - LABELS - TEXTS - MARGIN) / widest;
    for (const bar of group.bars) {
      lines.push(renderBar(bar, y, scale, colourOf));
      y += ROW;
    }
  }
  const height = y + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" ` +
      `height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<text x="${MARGIN}" y="22" font-size="16" font-weight="600">${escape(title)}</text>`,
    write(MARGIN, 40, note),
    renderLegend(series, colourOf),
    ...lines,
    '</svg>',
    '',
  ].join('\n');
};

const sumOf = ({ parts }: Bar): number => parts.reduce((sum, { value }) => sum + value, 0);

const write = (x: number, y: number, text: string, weight?: 'weight'): string =>
  `<text x="${x}" y="${y}"${weight ? ' font-weight="600"' : ''}>${escape(text)}</text>`;

const renderBar = (
  { label, parts, text }: Bar,
  y: number,
  scale: number,
  colourOf: (series: string) => string,
): string => {
  const baseline = y + BAR - 4;
  let x = LABELS;
  const pieces = parts.map(({ value, series }) => {
    const width = value * scale;
    const piece =
      `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" ` +
      `fill="${colourOf(series)}"/>`;
    x += width;
    return piece;
  });
  const name = `<text x="${LABELS - 8}" y="${baseline}" text-anchor="end">${escape(label)}</text>`;
  return [name, ...pieces, write(Math.round(x) + 6, baseline, text)].join('');
};

/** A row of colours and what they mean; none for bars of one colour. */
const renderLegend = (series: readonly string[], colourOf: (series: string) => string): string => {
  if (series.length < 2) return '';
  const step = (WIDTH - 2 * MARGIN) / series.length;
  return series
    .map((name, index) => {
      const x = MARGIN + index * step;
      return (
        `<rect x="${x.toFixed(0)}" y="50" width="12" height="12" fill="${colourOf(name)}"/>` +
        write(Math.round(x) + 18, 60, name)
      );
    })
    .join('');
};

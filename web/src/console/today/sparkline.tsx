import classes from './figure.module.css';

const WIDTH = 120;
const HEIGHT = 28;
/** Room for the stroke at the edges. */
const EDGE = 2;

/** A path through the values from left to right; a gap where one is unknown. */
const pathOf = (values: readonly (number | null)[]): string => {
  const known = values.filter((value) => value !== null);
  const max = Math.max(1, ...known);
  const min = Math.min(0, ...known);
  const step = WIDTH / Math.max(1, values.length - 1);
  let isDown = false;
  return values
    .flatMap((value, index) => {
      if (value === null) {
        isDown = false;
        return [];
      }
      const command = isDown ? 'L' : 'M';
      isDown = true;
      const y = EDGE + (HEIGHT - 2 * EDGE) * (1 - (value - min) / (max - min));
      return [`${command}${(index * step).toFixed(1)} ${y.toFixed(1)}`];
    })
    .join('');
};

/** How a figure went; the table below the chart has the same figures for screen readers. */
export const Sparkline = ({ values }: { readonly values: readonly (number | null)[] }) => (
  <svg
    className={classes.spark}
    viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
    preserveAspectRatio="none"
    aria-hidden
  >
    <path d={pathOf(values)} vectorEffect="non-scaling-stroke" />
  </svg>
);

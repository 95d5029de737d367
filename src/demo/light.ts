/** The colours of all drawings; each drawing uses three to five of them. */
export const PALETTE = {
  ink: '#3a2822',
  brown: '#83522f',
  caramel: '#d39a55',
  cream: '#fbeed6',
  white: '#ffffff',
  persimmon: '#d4552a',
  yellow: '#f3c13a',
  green: '#86a94a',
  teal: '#3d8a86',
  blue: '#557bb0',
  pink: '#eda3a0',
  grey: '#aeb4b6',
} as const;

export type Colour = keyof typeof PALETTE;

/** The edge of a drawing in its own units. */
const EDGE = 96;

/** How far the light, which comes from the upper left, reaches over an edge. */
const LIGHT = 2.2;
const SHADE = 3.6;

const EVERYWHERE = `M-${EDGE} -${EDGE}H${2 * EDGE}V${2 * EDGE}H-${EDGE}Z`;

/** The path of an ellipse, or of a circle. */
export const round = (x: number, y: number, width: number, height = width): string =>
  `M${x - width} ${y}a${width} ${height} 0 1 1 ${2 * width} 0a${width} ${height} 0 1 1 -${2 * width} 0Z`;

/** The path of a rectangle with round corners. */
export const box = (x: number, y: number, width: number, height: number, corner = 0): string =>
  `M${x + corner} ${y}h${width - 2 * corner}q${corner} 0 ${corner} ${corner}` +
  `v${height - 2 * corner}q0 ${corner} -${corner} ${corner}h-${width - 2 * corner}` +
  `q-${corner} 0 -${corner} -${corner}v-${height - 2 * corner}q0 -${corner} ${corner} -${corner}Z`;

/** A flat shape without light. */
export const flat = (path: string, colour: Colour, opacity = 1): string =>
  `<path d="${path}" fill="${PALETTE[colour]}"${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;

/** A line with round ends. */
export const line = (path: string, colour: Colour, width: number, opacity = 1): string =>
  `<path d="${path}" fill="none" stroke="${PALETTE[colour]}" stroke-width="${width}" ` +
  `stroke-linecap="round" stroke-linejoin="round"${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;

/** What is drawn inside a path only. */
export const inside = (path: string, ...shapes: readonly string[]): string => {
  const id = `c${path.replaceAll(/[^\w]/g, '_')}`;
  const clip = `<clipPath id="${id}"><path d="${path}"/></clipPath>`;
  return `${clip}<g clip-path="url(#${id})">${shapes.join('')}</g>`;
};

/** A shape with light on its upper left edge and shade on its lower right edge. */
export const lit = (path: string, colour: Colour, ...shapes: readonly string[]): string => {
  const edge = (by: number, shine: Colour, opacity: number): string =>
    `<path transform="translate(${by} ${by})" d="${EVERYWHERE}${path}" fill-rule="evenodd" ` +
    `fill="${PALETTE[shine]}" opacity="${opacity}"/>`;
  const light = edge(LIGHT, 'white', 0.38);
  const shade = edge(-SHADE, 'ink', 0.2);
  return inside(path, flat(EVERYWHERE, colour), ...shapes, light, shade);
};

/** The shadow of a thing that stands or lies at this place. */
export const shadow = (x: number, y: number, width: number, height = 4): string =>
  flat(round(x, y, width, height), 'ink', 0.16);

/** Turns shapes by degrees around a place. */
export const turned = (degrees: number, x: number, y: number, ...shapes: string[]): string =>
  `<g transform="rotate(${degrees} ${x} ${y})">${shapes.join('')}</g>`;

/** A whole drawing, as SVG, on a plain ground in a tint of a colour. */
export const drawing = (ground: Colour, ...shapes: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${EDGE}" height="${EDGE}" viewBox="0 0 ${EDGE} ${EDGE}">` +
  `${flat(EVERYWHERE, 'white')}${flat(EVERYWHERE, ground, 0.26)}${shapes.join('')}</svg>`;

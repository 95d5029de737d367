import { box, drawing, flat, line, lit, round, shadow, turned } from './light.ts';

const petalsOf = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index * 360) / count);

/** The outline of a flower around (48, 48): arcs between the dents of its petals. */
const flower = (petals: number, dent: number): string => {
  const arc = (dent * Math.sin(Math.PI / petals) * 1.08).toFixed(1);
  const dents = petalsOf(petals).map((degrees) => {
    const angle = ((degrees - 90) / 180) * Math.PI;
    const x = 48 + dent * Math.cos(angle);
    const y = 48 + dent * Math.sin(angle);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  const [first, ...others] = dents;
  const edge = [...others, first].map((place) => `A${arc} ${arc} 0 0 1 ${place}`);
  return `M${first}${edge.join('')}Z`;
};

/** A roll of bread with salt. */
export const saltBread = drawing(
  'blue',
  shadow(50, 72, 36, 6),
  lit(
    'M10 64Q6 52 18 44Q30 28 48 28T78 44Q90 52 86 64Q84 72 74 70Q60 74 48 74T22 70Q12 72 10 64Z',
    'caramel',
    line('M26 36Q22 54 28 76M40 26Q36 50 40 80M56 26Q60 50 56 80M70 36Q74 54 68 76', 'brown', 2.6),
    flat('M0 66Q48 76 96 66V96H0Z', 'yellow', 0.45),
  ),
  ...[
    [37, 35, 20],
    [46, 31, -15],
    [51, 40, 40],
    [33, 46, 10],
    [44, 46, 30],
    [62, 38, -20],
    [60, 48, 15],
  ].map(([x = 0, y = 0, degrees = 0]) =>
    turned(degrees, x, y, flat(box(x - 2, y - 2, 4, 4, 0.8), 'white')),
  ),
);

/** A croissant that was pressed like a waffle, with butter and syrup. */
export const croffle = drawing(
  'teal',
  flat(round(51, 53, 36, 34), 'ink', 0.14),
  lit(
    'M48 12Q62 10 72 20Q86 32 84 50Q82 68 68 78Q54 86 38 80Q18 76 13 58Q8 40 20 26Q32 13 48 12Z',
    'caramel',
    ...[20, 36, 52, 68, 84].map((at) =>
      turned(20, 48, 48, line(`M${at} -10V110M-10 ${at}H110`, 'brown', 4.5)),
    ),
    ...[17.6, 33.6, 49.6, 65.6, 81.6].map((at) =>
      turned(20, 48, 48, line(`M${at} -10V110M-10 ${at}H110`, 'yellow', 1.4, 0.6)),
    ),
  ),
  lit(
    'M30 44Q34 32 50 32T68 44Q72 54 64 58Q60 60 60 68Q56 74 52 68Q52 60 44 60Q28 60 30 44Z',
    'brown',
  ),
  turned(-10, 50, 44, lit(box(40, 36, 20, 16, 3), 'cream')),
);

/** A slice of burnt cheesecake. */
export const cheesecake = drawing(
  'pink',
  shadow(50, 78, 43, 7),
  flat(round(48, 75, 43, 8), 'white'),
  lit(
    'M8 50L86 46V72L8 70Z',
    'cream',
    flat('M0 65L96 66V96H0Z', 'caramel', 0.6),
    flat('M80 0H96V96H80Z', 'brown'),
  ),
  lit('M8 50L60 22Q83 28 86 46Z', 'brown'),
  flat('M36 43L60 29Q72 33 75 41Z', 'ink', 0.4),
);

/** A honey cookie in the shape of a flower. */
export const yakgwa = drawing(
  'green',
  flat(round(52, 53, 37), 'ink', 0.16),
  lit(flower(8, 34), 'brown'),
  lit(flower(8, 26), 'caramel'),
  ...petalsOf(8).map((degrees) =>
    turned(degrees + 22.5, 48, 48, flat(round(48, 22, 2.4), 'brown')),
  ),
  ...petalsOf(8).map((degrees) => turned(degrees, 48, 48, line('M48 27V33', 'brown', 2.4))),
  lit(flower(8, 11), 'brown'),
  flat(round(48, 48, 6), 'caramel'),
  ...petalsOf(3).map((degrees) =>
    turned(degrees, 48, 48, flat('M48 48Q45 44 48 41Q51 44 48 48Z', 'cream')),
  ),
);

const bean = (x: number, y: number, degrees: number, size = 1): string =>
  turned(
    degrees,
    x,
    y,
    lit(round(x, y, 6 * size, 8.5 * size), 'brown'),
    line(`M${x} ${y - 7 * size}q${3 * size} ${7 * size} 0 ${14 * size}`, 'ink', 1.6),
  );

const bag = (colour: 'ink' | 'teal', label: 'caramel' | 'pink'): string =>
  lit(
    'M24 22H68L72 80Q72 84 68 84H24Q20 84 20 80Z',
    colour,
    flat('M0 42H96V72H0Z', 'cream'),
    flat('M0 70H96V74H0ZM0 40H96V44H0Z', label),
  ) + lit('M26 10H66L68 24H24Z', colour, line('M20 18H76', label, 2.4));

/** A bag of dark coffee beans. */
export const houseBlend = drawing(
  'caramel',
  shadow(50, 84, 31),
  bag('ink', 'caramel'),
  bean(41, 57, 28, 1.05),
  bean(54, 57, -24, 1.05),
  bean(78, 78, 60),
  bean(88, 84, 20, 0.8),
);

/** A bag of coffee beans with the blossom of their aroma. */
export const yirgacheffe = drawing(
  'pink',
  shadow(50, 84, 31),
  bag('teal', 'pink'),
  ...petalsOf(5).map((degrees) =>
    turned(degrees, 46, 57, lit('M46 57Q38 51 46 43.500Q54 51 46 57Z', 'pink')),
  ),
  flat(round(46, 57, 3.2), 'caramel'),
  bean(78, 78, 60),
  bean(88, 84, 20, 0.8),
);

import { box, drawing, flat, inside, line, lit, round, shadow, turned } from './light.ts';

const star = (x: number, y: number, size: number): string =>
  `M${x} ${y - size}l${size * 0.29} ${size * 0.6}l${size * 0.66} ${size * 0.09}` +
  `l${-size * 0.48} ${size * 0.46}l${size * 0.12} ${size * 0.65}l${-size * 0.59} ${-size * 0.31}` +
  `l${-size * 0.59} ${size * 0.31}l${size * 0.12} ${-size * 0.65}l${-size * 0.48} ${-size * 0.46}` +
  `l${size * 0.66} ${-size * 0.09}Z`;

const spark = (x: number, y: number, size: number): string =>
  `M${x} ${y - size}Q${x} ${y} ${x + size} ${y}Q${x} ${y} ${x} ${y + size}` +
  `Q${x} ${y} ${x - size} ${y}Q${x} ${y} ${x} ${y - size}Z`;

/** A bag of canvas. */
export const toteBag = drawing(
  'green',
  shadow(50, 84, 32),
  line('M34 42Q34 10 48 10T62 42', 'caramel', 5),
  lit(
    'M18 34H78L82 80Q82 85 77 85H19Q14 85 14 80Z',
    'cream',
    flat('M0 34H96V39H0Z', 'caramel', 0.5),
  ),
  line('M33 36V46M63 36V46', 'caramel', 5),
  lit('M48 78Q26 66 48 46Q70 66 48 78Z', 'green'),
  line('M48 54V82', 'brown', 2.2),
);

/** A hoodie. */
export const hoodie = drawing(
  'yellow',
  shadow(48, 86, 28),
  lit('M24 34L8 66Q7 70 11 72L20 75L32 48Z', 'blue'),
  lit('M72 34L88 66Q89 70 85 72L76 75L64 48Z', 'blue'),
  lit('M32 28H64Q74 30 76 40L73 82Q73 86 69 86H27Q23 86 23 82L20 40Q22 30 32 28Z', 'blue'),
  lit('M30 32Q28 10 48 10T66 32Q60 42 48 44Q36 42 30 32Z', 'blue'),
  flat('M36 31Q35 17 48 17T60 31Q56 37 48 39Q40 37 36 31Z', 'ink'),
  line('M43 40V54M53 40V52', 'white', 2.4),
  lit('M34 64H62L67 78H29Z', 'blue'),
  flat(box(23, 82, 50, 4, 2), 'ink', 0.25),
);

const sock = (x: number, y: number, stripe: 'persimmon' | 'yellow'): string =>
  lit(
    `M${x} ${y}h20v34q0 6 5 8l10 4q9 4 7 11t-11 6h-20q-11 0 -11 -12Z`,
    'cream',
    flat(box(x, y, 20, 8), stripe),
    flat(box(x, y + 13, 20, 4) + box(x, y + 21, 20, 4), stripe),
    flat(round(x + 40, y + 57, 11), stripe),
    flat(round(x + 3, y + 58, 10), stripe),
  );

/** A pair of socks. */
export const socks = drawing(
  'teal',
  shadow(56, 84, 34),
  sock(42, 10, 'yellow'),
  sock(18, 20, 'persimmon'),
);

const ticket = (y: number, colour: 'persimmon' | 'teal', ...shapes: readonly string[]): string =>
  lit(
    `M10 ${y}H86V${y + 14}a6 6 0 0 0 0 12V${y + 40}H10V${y + 26}a6 6 0 0 0 0 -12Z`,
    colour,
    ...shapes,
    line(`M62 ${y + 5}V${y + 37}`, 'cream', 2).replace('/>', ' stroke-dasharray="0.1 5"/>'),
    flat(star(72, y + 20.5, 6.5), 'yellow'),
  );

/** A ticket for one day. */
export const oneDayTicket = drawing(
  'persimmon',
  turned(
    -12,
    48,
    48,
    flat(box(14, 34, 76, 40, 2), 'ink', 0.14),
    ticket(28, 'persimmon', flat('M34 41L42 36H46V60H39.500V45L34 48Z', 'cream')),
  ),
);

/** Two tickets, for two days. */
export const twoDayTicket = drawing(
  'teal',
  turned(8, 48, 48, flat(box(14, 26, 76, 40, 2), 'ink', 0.12), ticket(20, 'persimmon')),
  turned(
    -10,
    48,
    52,
    flat(box(14, 42, 76, 40, 2), 'ink', 0.16),
    ticket(38, 'teal', line('M32 52Q33 46 39 46.500T44 54Q42 59 32 68H46', 'cream', 5.5)),
  ),
);

/** A photo card of a singer. */
export const photoCard = drawing(
  'pink',
  turned(
    7,
    48,
    48,
    flat(box(25, 13, 54, 76, 5), 'ink', 0.15),
    lit(box(20, 9, 54, 76, 5), 'white'),
    inside(
      box(25, 14, 44, 58, 3),
      flat(box(25, 14, 44, 58), 'pink'),
      flat('M25 14H50L25 48ZM69 36V72H44Z', 'yellow', 0.5),
      lit('M25 74Q28 56 47 56T69 74Z', 'blue'),
      flat(box(43, 48, 8, 11, 3), 'cream'),
      flat('M32 42Q30 22 47 22T62 42V54H32Z', 'ink'),
      lit(round(47, 41, 11, 13), 'cream'),
      flat('M34 42Q36 26 47 26T60 42Q54 38 50 32Q44 40 34 42Z', 'ink'),
    ),
    flat(star(32, 78.5, 3.6) + star(41, 78.5, 3.6) + star(50, 78.5, 3.6), 'yellow'),
  ),
  flat(spark(80, 20, 9) + spark(15, 66, 7), 'white'),
);

/** A light stick of a concert. */
export const lightStick = drawing(
  'blue',
  turned(
    20,
    48,
    48,
    line('M48 6V3M29 14L27 12M67 14L69 12M22 33H19M74 33H77', 'yellow', 3.5),
    flat(round(48, 34, 24), 'yellow', 0.35),
    lit(box(42.5, 48, 11, 40, 5), 'white', flat(box(42, 74, 12, 4), 'blue')),
    lit(round(48, 34, 19), 'pink'),
    flat(star(48, 34, 12), 'white'),
    lit('M37 48H59L55 57H41Z', 'blue'),
    flat(round(48, 65, 2.6), 'persimmon'),
  ),
);

const bud = (x: number, y: number, degrees: number): string =>
  turned(
    degrees,
    x,
    y,
    flat(round(x - 9, y + 2, 4.5, 5.5), 'ink'),
    lit(`M${x - 4} ${y}h9v20q0 4.500 -4.500 4.500t-4.500 -4.500Z`, 'white'),
    lit(round(x, y, 10, 9.5), 'white'),
    line(`M${x + 0.5} ${y + 13}v7`, 'grey', 1.8),
  );

/** Earphones without wires, over their case. */
export const earphones = drawing(
  'grey',
  shadow(50, 84, 34),
  lit('M18 42Q18 30 30 30H66Q78 30 78 42V52H18Z', 'grey'),
  flat('M22 46H74V54H22Z', 'ink'),
  bud(36, 24, 12),
  turned(0, 60, 24, `<g transform="translate(96 0) scale(-1 1)">${bud(36, 24, 12)}</g>`),
  lit('M14 50H82V68Q82 84 66 84H30Q14 84 14 68Z', 'white'),
  flat(round(48, 62, 2.6), 'green'),
);

/** A gift card with a bow. */
export const giftCard = drawing(
  'persimmon',
  turned(
    -8,
    48,
    52,
    flat(box(13, 31, 78, 52, 6), 'ink', 0.15),
    lit(
      box(8, 26, 78, 52, 6),
      'persimmon',
      flat('M28 0H38V96H28ZM0 42H96V51H0Z', 'yellow'),
      flat(box(54, 60, 24, 5, 2.5), 'cream'),
      flat(box(54, 68, 15, 4, 2), 'cream', 0.7),
    ),
    lit('M33 46Q12 48 11 36Q13 24 33 44Z', 'yellow'),
    lit('M33 46Q54 48 55 36Q53 24 33 44Z', 'yellow'),
    lit('M33 46L21 64L29 63L33 70L36 58Z', 'yellow'),
    lit('M33 46L45 64L38 62L33 70L31 56Z', 'yellow'),
    lit(round(33, 45.5, 6), 'caramel'),
  ),
);

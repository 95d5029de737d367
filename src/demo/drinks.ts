import { box, drawing, flat, inside, line, lit, round, shadow, turned } from './light.ts';

const GLASS = 'M30 24H66L61.500 76Q61 80 57 80H39Q35 80 34.500 76Z';
const steam = (x: number): string =>
  line(`M${x} 28q-4 -5 0 -9t0 -9M${x + 11} 28q-4 -5 0 -9t0 -9`, 'white', 3, 0.9);
/** A glass of black coffee with ice and a straw. */
export const americano = drawing(
  'caramel',
  shadow(51, 80, 21),
  line('M52 40L60 10H68', 'persimmon', 3.5),
  lit(
    GLASS,
    'white',
    flat('M0 36H96V96H0Z', 'ink'),
    flat('M0 62H96V96H0Z', 'brown', 0.35),
    turned(-12, 42, 40, flat(box(36, 32, 13, 13, 2), 'cream', 0.85)),
    turned(18, 54, 44, flat(box(49, 38, 11, 11, 2), 'cream', 0.7)),
    turned(8, 44, 56, flat(box(39, 51, 10, 10, 2), 'cream', 0.4)),
  ),
);

/** A cup of latte from above, with a heart of milk. */
export const latte = drawing(
  'blue',
  flat(round(52, 54, 37), 'ink', 0.14),
  lit(round(46, 48, 37), 'cream'),
  lit(box(66, 42, 22, 11, 5.5), 'white'),
  lit(round(46, 48, 27), 'white'),
  flat(round(46, 48, 23), 'brown'),
  flat(round(46, 48, 20.5), 'caramel'),
  flat('M46 63C32 53 31 45 35 40C39 36 44 38 46 43C48 38 53 36 57 40C61 45 60 53 46 63Z', 'cream'),
);

/** A tall glass with layers of milk and coffee, and a blossom of vanilla. */
export const vanillaLatte = drawing(
  'yellow',
  shadow(48, 82, 21),
  lit(
    'M27 16H61L57 78Q56.500 82 52 82H36Q31.500 82 31 78Z',
    'white',
    flat('M0 24H96V40Q74 47 48 40T0 44Z', 'brown'),
    flat('M0 44Q22 36 44 42T96 40V58Q66 64 40 57T0 60Z', 'caramel'),
    flat('M0 60Q20 52 44 58T96 58V96H0Z', 'cream'),
  ),
  ...[0, 72, 144, 216, 288].map((degrees) =>
    turned(degrees, 68, 66, lit('M68 66Q58 58 68 48Q78 58 68 66Z', 'white')),
  ),
  lit(round(68, 66, 5), 'yellow'),
);

/** A bowl of matcha with its whisk. */
export const matchaLatte = drawing(
  'green',
  shadow(42, 79, 26),
  shadow(82, 79, 11),
  lit('M7 42H69Q68 66 52 74V78H24V74Q8 66 7 42Z', 'ink'),
  lit(round(38, 42, 31, 11), 'cream'),
  flat(round(38, 43, 27.5, 8.6), 'green'),
  flat('M18 43Q26 37 34 42T50 42T60 44Q50 48 40 46T18 43Z', 'white', 0.55),
  lit('M75 54H85L90 77Q80 82 70 77Z', 'cream'),
  line('M77 58L74 77M80 58V78M83 58L86 77', 'caramel', 1.4),
  lit(box(74.5, 30, 11, 26, 3), 'caramel'),
);

/** A glass mug of citron tea with a slice of the fruit. */
export const yujaTea = drawing(
  'persimmon',
  shadow(46, 80, 25),
  steam(34),
  line('M60 46H67Q77 46 77 56T67 66H58', 'white', 6),
  lit(
    box(20, 34, 44, 46, 8),
    'white',
    flat('M0 44H96V96H0Z', 'yellow'),
    flat('M0 68H96V96H0Z', 'persimmon', 0.35),
    line('M30 66q4 -5 9 -2M44 72q4 -6 8 -3M32 54q5 -4 9 1', 'persimmon', 2.5, 0.8),
  ),
  lit(round(62, 34, 15), 'yellow'),
  flat(round(62, 34, 11.5), 'cream'),
  ...[0, 60, 120, 180, 240, 300].map((degrees) =>
    turned(degrees, 62, 34, flat('M62 32.500L58 25Q62 22.500 66 25Z', 'yellow')),
  ),
);

/** A bottle of cold brew. */
export const coldBrew = drawing(
  'blue',
  shadow(51, 84, 20),
  lit(box(40, 10, 16, 9, 2), 'persimmon'),
  lit(
    'M42 19H54V28Q54 32 60 36Q64 39 64 45V78Q64 84 58 84H38Q32 84 32 78V45Q32 39 36 36Q42 32 42 28Z',
    'white',
    flat('M0 30H96V96H0Z', 'ink'),
  ),
  inside(box(32, 48, 32, 24), flat(box(32, 48, 32, 24), 'cream')),
  flat('M48 51Q56 60 56 64A8 7.500 0 0 1 40 64Q40 60 48 51Z', 'blue'),
  flat(round(45, 63, 2, 3), 'white', 0.7),
);

/** A bag of coffee that hangs over a cup. */
export const dripBags = drawing(
  'teal',
  shadow(47, 84, 25),
  line('M64 56H70Q78 56 78 63T70 70H62', 'white', 6),
  lit('M22 46H68L64 78Q63 84 57 84H33Q27 84 26 78Z', 'white'),
  flat(round(45, 46, 23, 4.5), 'grey'),
  lit('M12 28L28 22V50L15 47Z', 'caramel'),
  lit('M78 28L62 22V50L75 47Z', 'caramel'),
  lit('M27 14H63V50Q63 60 45 62Q27 60 27 50Z', 'cream', flat('M0 24H96V40Q45 52 0 40Z', 'brown')),
  flat(round(45, 19, 18, 5), 'brown'),
  flat(round(41, 18, 3, 1.5), 'ink'),
  flat(round(50, 20, 3, 1.5), 'ink'),
);

/** A mug. */
export const mug = drawing(
  'teal',
  shadow(47, 80, 27),
  line('M62 38H70Q80 38 80 50.5T70 63H60', 'persimmon', 7),
  lit(
    'M18 26H66V70Q66 80 56 80H28Q18 80 18 70Z',
    'persimmon',
    flat(round(42, 54, 10), 'cream'),
    flat(round(42, 54, 4), 'persimmon'),
  ),
  flat(round(42, 26, 24, 6), 'cream'),
  flat(round(42, 27, 20.5, 4.2), 'ink', 0.75),
);

/** A tumbler of steel. */
export const tumbler = drawing(
  'yellow',
  shadow(51, 85, 18),
  lit(box(42, 8, 12, 8, 2), 'ink'),
  lit('M34 16H62Q65 16 65 19V27H31V19Q31 16 34 16Z', 'teal'),
  lit(
    'M32 27H64L61 80Q60.500 85 56 85H40Q35.500 85 35 80Z',
    'grey',
    flat(box(38, 27, 5, 60), 'white', 0.6),
    flat('M0 46H96V62H0Z', 'teal'),
    flat(round(48, 54, 5), 'white'),
  ),
);

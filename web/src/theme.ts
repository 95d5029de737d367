import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Deep persimmon, the one accent; white text on the seventh shade has a contrast of 4.8. */
const persimmon: MantineColorsTuple = [
  '#fff2ec',
  '#fce2d7',
  '#f6c1ab',
  '#f09e7c',
  '#ea8058',
  '#e26a3d',
  '#d4552a',
  '#c2481f',
  '#a33b18',
  '#842f13',
];

/** Warm greys, of the shop. */
const sand: MantineColorsTuple = [
  '#fdfaf6',
  '#f6f1ea',
  '#ebe4da',
  '#ddd3c6',
  '#c2b6a7',
  '#9d9183',
  '#756a5e',
  '#5b5148',
  '#37302a',
  '#1b1815',
];

/** Warm greys of the dark scheme; components take surfaces and lines from the fourth to seventh. */
const warmDark: MantineColorsTuple = [
  '#f3ede5',
  '#d8cfc4',
  '#b3a799',
  '#9d9183',
  '#3d362f',
  '#2e2924',
  '#24201c',
  '#1b1815',
  '#151210',
  '#0f0d0b',
];

/** Cool greys, of the console. */
const slate: MantineColorsTuple = [
  '#f7f9fb',
  '#eef1f5',
  '#e0e5ec',
  '#cdd5df',
  '#aab4c2',
  '#8490a1',
  '#616d7e',
  '#4a5565',
  '#2b333f',
  '#14181e',
];

/** Cool greys of the dark scheme. */
const coolDark: MantineColorsTuple = [
  '#eaeef3',
  '#cdd5df',
  '#a4afbd',
  '#8490a1',
  '#343d4a',
  '#242b35',
  '#1b2028',
  '#14181e',
  '#0f1318',
  '#0a0d11',
];

const shared = {
  primaryColor: 'persimmon',
  primaryShade: { light: 7, dark: 7 },
  colors: { persimmon, sand, slate },
  fontFamily:
    "'Pretendard Variable', Pretendard, -apple-system, BlinkMacSystemFont, system-ui, 'Segoe UI', " +
    "'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '1rem', lg: '1.25rem', xl: '1.75rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.5rem' },
  headings: {
    fontWeight: '700',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.3' },
      h2: { fontSize: '1.25rem', lineHeight: '1.4' },
      h3: { fontSize: '1rem', lineHeight: '1.5' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
} as const;

/** The shop: warm, round, made for a thumb. */
export const shopTheme = createTheme({
  ...shared,
  colors: { ...shared.colors, gray: sand, dark: warmDark },
  defaultRadius: 12,
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
  },
});

/** The console: cool, dense, made for a keyboard. */
export const consoleTheme = createTheme({
  ...shared,
  colors: { ...shared.colors, gray: slate, dark: coolDark },
  defaultRadius: 6,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Table: { defaultProps: { verticalSpacing: 6, fz: 'sm' } },
    Modal: { styles: { title: { fontSize: '1rem', fontWeight: 700, lineHeight: 1.4 } } },
  },
});

interface Room {
  readonly ground: string;
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly text: string;
  readonly muted: string;
}

const WARM_LIGHT: Room = {
  ground: sand[0],
  surface: '#ffffff',
  raised: sand[1],
  line: sand[2],
  text: sand[9],
  muted: sand[6],
};
const WARM_DARK: Room = {
  ground: sand[9],
  surface: '#24201c',
  raised: '#2e2924',
  line: '#3d362f',
  text: '#f3ede5',
  muted: '#b3a799',
};
const COOL_LIGHT: Room = {
  ground: slate[0],
  surface: '#ffffff',
  raised: slate[1],
  line: slate[2],
  text: slate[9],
  muted: slate[6],
};
const COOL_DARK: Room = {
  ground: slate[9],
  surface: '#1b2028',
  raised: '#242b35',
  line: '#343d4a',
  text: '#eaeef3',
  muted: '#a4afbd',
};

/**
 * Colours of meaning; an icon or a word always goes with them. As text, each has a contrast of 4.5
 * also on raised and tinted grounds (WCAG 2.2, 1.4.3).
 */
const MEANING_LIGHT = { good: '#1b7a46', warn: '#8f5a00', bad: '#b3261e', accent: '#b03f19' };
const MEANING_DARK = { good: '#6fd39b', warn: '#f0b95b', bad: '#ff9a8f', accent: persimmon[3] };

const variables = (room: Room, meaning: typeof MEANING_LIGHT): Record<string, string> => ({
  '--moa-ground': room.ground,
  '--moa-surface': room.surface,
  '--moa-raised': room.raised,
  '--moa-line': room.line,
  '--moa-text': room.text,
  '--moa-muted': room.muted,
  '--moa-good': meaning.good,
  '--moa-warn': meaning.warn,
  '--moa-bad': meaning.bad,
  '--moa-accent': meaning.accent,
  // Under white text, in both schemes.
  '--moa-danger': '#b3261e',
  '--mantine-color-body': room.ground,
  '--mantine-color-text': room.text,
  '--mantine-color-dimmed': room.muted,
  '--mantine-color-default': room.surface,
  '--mantine-color-default-color': room.text,
  '--mantine-color-default-hover': room.raised,
  '--mantine-color-default-border': room.line,
  '--mantine-color-placeholder': room.muted,
  '--mantine-color-disabled': room.raised,
  '--mantine-color-disabled-color': room.muted,
  '--mantine-color-disabled-border': room.line,
  '--mantine-color-error': meaning.bad,
  '--mantine-color-anchor': meaning.accent,
  '--mantine-primary-color-light-color': meaning.accent,
  '--mantine-color-persimmon-light-color': meaning.accent,
});

const resolver =
  (light: Room, dark: Room): CSSVariablesResolver =>
  () => ({
    variables: {},
    light: variables(light, MEANING_LIGHT),
    dark: variables(dark, MEANING_DARK),
  });

export const shopVariables = resolver(WARM_LIGHT, WARM_DARK);
export const consoleVariables = resolver(COOL_LIGHT, COOL_DARK);

import { expect, test } from 'vitest';
import { PALETTE } from './light.ts';
import { DEMO_PRODUCTS } from './products.ts';

const COLOURS_MAX = 5;

const coloursOf = (svg: string): Set<string> =>
  new Set([...svg.matchAll(/(?:fill|stroke)="(#[^"]*)"/g)].map(([, colour = '']) => colour));

test('every product has a picture of its own', () => {
  expect(new Set(DEMO_PRODUCTS.map(([, , , , picture]) => picture)).size).toBe(24);
});

test('a picture has one to five colours of the palette, beside white and ink for the light', () => {
  expect(Object.keys(PALETTE)).toHaveLength(12);
  const known = new Set<string>(Object.values(PALETTE));
  const light = new Set<string>([PALETTE.white, PALETTE.ink]);
  for (const [name, , , , picture] of DEMO_PRODUCTS) {
    const colours = coloursOf(picture);
    expect([name, [...colours.difference(known)]]).toEqual([name, []]);
    const { size } = colours.difference(light);
    expect([name, size >= 1 && size <= COLOURS_MAX]).toEqual([name, true]);
  }
});

test('a picture has one clip for each path, so no shape is cut by another', () => {
  for (const [name, , , , picture] of DEMO_PRODUCTS) {
    const clips = [...picture.matchAll(/<clipPath id="([^"]+)"><path d="([^"]+)"/g)];
    const paths = new Map(clips.map(([, id, path]) => [id, path]));
    expect([name, clips.filter(([, id, path]) => paths.get(id) !== path)]).toEqual([name, []]);
  }
});

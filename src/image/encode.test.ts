import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { PIXELS_MAX, encode } from './encode.ts';
import { rasterize } from './formats.ts';

/** A picture of one colour with a red upper left quarter. */
const draw = (width: number, height: number) => {
  const mark = { width: width / 2, height: height / 2, channels: 3, background: 'red' } as const;
  return sharp({ create: { width, height, channels: 3, background: 'white' } }).composite([
    { input: { create: mark }, left: 0, top: 0 },
  ]);
};

const encoded = async (file: Buffer) => {
  const encoding = await encode(file);
  if (encoding.kind !== 'encoded') throw new Error(encoding.kind);
  return encoding;
};

const sizeOf = async (file: Buffer) => {
  const { format, width, height } = await sharp(file).metadata();
  return { format, width, height };
};

test('a JPEG, PNG, WebP or AVIF becomes WebP in three sizes, the longest edge in common', async () => {
  const picture = draw(1_600, 800);
  const files = await Promise.all([
    picture.clone().jpeg().toBuffer(),
    picture.clone().png().toBuffer(),
    picture.clone().webp().toBuffer(),
    picture.clone().avif({ effort: 0 }).toBuffer(),
  ]);
  for (const file of files) {
    const { width, height, small, medium, large } = await encoded(file);
    expect({ width, height }).toEqual({ width: 1_600, height: 800 });
    expect(await sizeOf(small)).toEqual({ format: 'webp', width: 160, height: 80 });
    expect(await sizeOf(medium)).toEqual({ format: 'webp', width: 480, height: 240 });
    expect(await sizeOf(large)).toEqual({ format: 'webp', width: 1_200, height: 600 });
  }
});

test('a small picture is not enlarged, and keeps its transparency', async () => {
  const clear = { width: 200, height: 100, channels: 4, background: '#00000000' } as const;
  const { small, medium, large } = await encoded(await sharp({ create: clear }).png().toBuffer());
  expect(await sizeOf(small)).toMatchObject({ width: 160, height: 80 });
  expect(await sizeOf(medium)).toMatchObject({ width: 200, height: 100 });
  expect(await sizeOf(large)).toMatchObject({ width: 200, height: 100 });
  expect((await sharp(large).metadata()).hasAlpha).toBe(true);
});

test('a picture is turned as its orientation says, and its metadata is removed', async () => {
  const file = await draw(200, 100)
    .withExif({ IFD0: { Artist: 'the photographer' }, IFD3: { GPSLatitude: '37/1 33/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100 })
    .toBuffer();
  expect(file.includes('Exif')).toBe(true);
  const { width, height, large } = await encoded(file);
  expect({ width, height }).toEqual({ width: 100, height: 200 });
  const { exif, icc, xmp, orientation } = await sharp(large).metadata();
  expect({ exif, icc, xmp, orientation }).toEqual({});
  // A quarter turn to the right moves the upper left to the upper right.
  const { data } = await sharp(large).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * 100 + x) * 3, (y * 100 + x) * 3 + 3)];
  expect(at(75, 50).map((value) => value > 128)).toEqual([true, false, false]);
  expect(at(25, 50).map((value) => value > 128)).toEqual([true, true, true]);
});

test('a grey picture and one of 16 bits keep their look', async () => {
  const grey = await draw(40, 40).toColourspace('b-w').png().toBuffer();
  const deep = await draw(40, 40).toColourspace('rgb16').png().toBuffer();
  for (const file of [grey, deep]) {
    const { large } = await encoded(file);
    const { data, info } = await sharp(large).raw().toBuffer({ resolveWithObject: true });
    expect(data[(30 * 40 + 30) * info.channels]).toBeGreaterThan(250);
  }
});

/** A PNG whose header names another size (PNG specification, sections 5.3 and 11.2.1). */
const claiming = (png: Buffer, width: number, height: number): Buffer => {
  const forged = Buffer.from(png);
  forged.writeUInt32BE(width, 16);
  forged.writeUInt32BE(height, 20);
  forged.writeUInt32BE(crc32(forged.subarray(12, 29)), 29);
  return forged;
};

test('a small file that names too many pixels is refused before it is decoded', async () => {
  const png = await draw(100, 100).png().toBuffer();
  const refusal = { kind: 'unreadable', message: 'has more than 40000000 pixels' };
  expect(await encode(claiming(png, PIXELS_MAX / 1_000, 1_001))).toEqual(refusal);
  expect(await encode(claiming(png, 60_000, 60_000))).toEqual(refusal);
});

test('what is no picture, is broken or has another format is refused', async () => {
  const whole = await draw(100, 100).png().toBuffer();
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  const files = [
    Buffer.from('not a picture'),
    Buffer.from([0xff, 0xd8, 0xff]),
    whole.subarray(0, whole.length / 2),
    await draw(100, 100).gif().toBuffer(),
    await draw(100, 100).tiff().toBuffer(),
    svg,
  ];
  const [drawing] = (await rasterize([svg], 9)) ?? [];
  expect((await encode(drawing!)).kind).toBe('encoded');
  for (const file of files) expect((await encode(file)).kind).toBe('unreadable');
});

import type { SharpOptions } from 'sharp';
import { loadSharp } from './formats.ts';

/** The longest edge of each size in pixels: a row of a list, a card of a grid, a page. */
const EDGES = { small: 160, medium: 480, large: 1_200 } as const;

export type Size = keyof typeof EDGES;

/** An image in three sizes, as WebP; `width` and `height` are those of the upload. */
export interface Encoded extends Readonly<Record<Size, Buffer>> {
  readonly width: number;
  readonly height: number;
}

/** The image, what is wrong with the file, or that no decoder is installed. */
export type Encoding =
  | ({ readonly kind: 'encoded' } & Encoded)
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'unsupported' };

/**
 * Decoded, an image takes four bytes per pixel, and a small file can name many. The files of
 * most cameras have fewer.
 */
export const PIXELS_MAX = 40_000_000;

/** An image of `PIXELS_MAX` takes less; a file that takes longer was made to. */
const SECONDS_MAX = 10;

/** The quality at which flaws are not seen; more effort costs time and saves few bytes. */
const WEBP = { quality: 82, effort: 2 };

/**
 * Decodes a JPEG, PNG, WebP or AVIF, turns it as its orientation says, and encodes it in three
 * sizes without its metadata, in the thread pool. Smaller images are not enlarged.
 */
export const encode = async (file: Buffer): Promise<Encoding> => {
  const sharp = await loadSharp();
  if (sharp === undefined) return { kind: 'unsupported' };
  const shrink = (input: Buffer, options: SharpOptions, size: Size) =>
    sharp(input, options)
      .autoOrient()
      .resize(EDGES[size], EDGES[size], { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .timeout({ seconds: SECONDS_MAX });
  try {
    // Reads the header only.
    const header = await sharp(file, { limitInputPixels: false }).metadata();
    const { width, height } = header.autoOrient;
    if (width * height > PIXELS_MAX) return refuse(`has more than ${PIXELS_MAX} pixels`);
    const options = { limitInputPixels: PIXELS_MAX, failOn: 'error' } as const;
    // The file is decoded once.
    const { data, info } = await shrink(file, options, 'large')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    const encodeAs = (size: Size) => shrink(data, { raw }, size).webp(WEBP).toBuffer();
    const small = await encodeAs('small');
    const medium = await encodeAs('medium');
    const large = await encodeAs('large');
    return { kind: 'encoded', width, height, small, medium, large };
  } catch {
    return refuse('is not a readable JPEG, PNG, WebP or AVIF');
  }
};

const refuse = (message: string): Encoding => ({ kind: 'unreadable', message });

import type sharpOf from 'sharp';

type Sharp = typeof sharpOf;

/** The types of an upload. */
export const UPLOAD_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'] as const;

const loadersOf = (formats: readonly string[]) => ({
  operation: formats.map((format) => `VipsForeignLoad${format}Buffer`),
});

const load = async (): Promise<Sharp | undefined> => {
  try {
    const { default: sharp } = await import('sharp');
    // Of the many formats only those of an upload: decoders are what attackers look for.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock(loadersOf(['Jpeg', 'Png', 'Webp', 'Heif']));
    // Beside a shop: one core for an image, and no memory kept between two.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  } catch {
    return undefined;
  }
};

let loaded: Promise<Sharp | undefined> | undefined;

/**
 * The decoder, loaded when it is first needed; undefined where its package for the platform, which
 * is optional, is not installed.
 */
export const loadSharp = (): Promise<Sharp | undefined> => (loaded ??= load());

/**
 * Turns drawings, which are SVG, into PNG of `edge` pixels; undefined without a decoder. Only for
 * drawings of Moa: an SVG can name other files.
 */
export const rasterize = async (
  drawings: readonly Buffer[],
  edge: number,
): Promise<Buffer[] | undefined> => {
  const sharp = await loadSharp();
  if (sharp === undefined) return undefined;
  const svg = loadersOf(['Svg']);
  sharp.unblock(svg);
  try {
    return await Promise.all(
      drawings.map((each) => sharp(each).resize(edge).png({ compressionLevel: 1 }).toBuffer()),
    );
  } finally {
    sharp.block(svg);
  }
};

import sharp from 'sharp';

/** The types of an upload. */
export const UPLOAD_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'] as const;

const loadersOf = (formats: readonly string[]) => ({
  operation: formats.map((format) => `VipsForeignLoad${format}Buffer`),
});

// Of the many formats of libvips only those of an upload: decoders are what attackers look for.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock(loadersOf(['Jpeg', 'Png', 'Webp', 'Heif']));
// Beside a shop: one core for an image, and no memory kept between two.
sharp.concurrency(1);
sharp.cache(false);

/** The library with these settings: no file imports it from elsewhere. */
export { sharp };

/**
 * Turns drawings, which are SVG, into PNG of `edge` pixels. Only for drawings of Moa: an SVG can
 * name other files.
 */
export const rasterize = async (drawings: readonly Buffer[], edge: number): Promise<Buffer[]> => {
  const svg = loadersOf(['Svg']);
  sharp.unblock(svg);
  try {
    return await Promise.all(
      drawings.map((drawing) =>
        sharp(drawing).resize(edge).png({ compressionLevel: 1 }).toBuffer(),
      ),
    );
  } finally {
    sharp.block(svg);
  }
};

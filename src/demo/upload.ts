import type { Queryable } from '../database/statement.ts';
import { addressOf, encode, imageIdOf, rasterize, storeImage } from '../image/index.ts';

/** Sharp on a page of a phone and fast to encode: the first start waits for it. */
const EDGE = 640;

/** Stores drawings like uploads; returns their addresses in order, none without a decoder. */
export const uploadDrawings = async (
  db: Queryable,
  drawings: readonly string[],
): Promise<string[]> => {
  const sources = drawings.map((each) => Buffer.from(each));
  const files = (await rasterize(sources, EDGE)) ?? [];
  return Promise.all(
    files.map(async (file) => {
      const imageId = imageIdOf(file);
      const encoding = await encode(file);
      if (encoding.kind !== 'encoded') throw new Error(`a drawing is ${encoding.kind}`);
      await storeImage(db, imageId, encoding);
      return addressOf(imageId);
    }),
  );
};

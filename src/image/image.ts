import { hash } from 'node:crypto';
import type { Queryable } from '../database/statement.ts';
import type { Encoded, Size } from './encode.ts';
import { insertImage } from './queries.gen.ts';

/** The id of an image: the SHA-256 of the uploaded file, so that a file has one id. */
export const imageIdOf = (file: Buffer): string => hash('sha256', file, 'hex');

/** The address of an image, a path. */
export const addressOf = (imageId: string, size?: Size): string =>
  `/v1/images/${imageId}${size === undefined ? '' : `?size=${size}`}`;

/** Stores an encoded image, in one statement; does nothing if the image is stored already. */
export const storeImage = async (
  db: Queryable,
  imageId: string,
  { width, height, small, medium, large }: Encoded,
): Promise<void> => {
  await insertImage(db, { imageId, width, height, small, medium, large });
};

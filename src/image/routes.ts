import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { Type } from 'typebox';
import { transactOnce } from '../commit/index.ts';
import {
  FILE,
  choice,
  defineRoute,
  idempotencyKeyOf,
  invalid,
  named,
  problem,
  replyTo,
  strictObject,
  type Route,
} from '../contract/index.ts';
import { encode, type Encoded, type Size } from './encode.ts';
import { UPLOAD_TYPES } from './formats.ts';
import { addressOf, imageIdOf, storeImage } from './image.ts';
import { createQueue } from './queue.ts';
import { findImage, readImage } from './queries.gen.ts';

/** The file of a camera of `PIXELS_MAX`, in the quality that cameras use. */
const UPLOAD_BYTES_MAX = 8 * 1024 * 1024;

/** The images of a shop's first pages: some ten kilobytes each, a hundred if large. */
const CACHE_BYTES_MAX = 32 * 1024 * 1024;

const ImageId = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'the SHA-256 of the uploaded file, in lower case',
});
const Address = Type.String({ description: 'the path of the image, for `imageUrl`' });
const Pixels = Type.Integer({ minimum: 1, description: 'in pixels' });

const ImageView = named('Image', {
  imageId: ImageId,
  width: Pixels,
  height: Pixels,
  url: Address,
  sizes: named('ImageSizes', { small: Address, medium: Address, large: Address }),
});

const viewImage = (imageId: string, { width, height }: Pick<Encoded, 'width' | 'height'>) => ({
  imageId,
  width,
  height,
  url: addressOf(imageId),
  sizes: {
    small: addressOf(imageId, 'small'),
    medium: addressOf(imageId, 'medium'),
    large: addressOf(imageId, 'large'),
  },
});

/** The bytes of an image in one size, and their strong entity tag. */
interface Sized {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Uploading and reading images. */
export const imageRoutes = (db: Pool): Route[] => {
  const enqueue = createQueue();
  // An image never changes, so a kept one is always right.
  const kept = new LRUCache<string, Sized>({
    maxSize: CACHE_BYTES_MAX,
    sizeCalculation: ({ bytes }) => bytes.length,
  });

  const findSized = async (imageId: string, size: Size): Promise<Sized | undefined> => {
    const place = addressOf(imageId, size);
    const known = kept.get(place);
    if (known !== undefined) return known;
    const found = await readImage(db, { imageId, size });
    if (found === undefined) return undefined;
    const sized = { ...found, etag: `"${hash('sha256', found.bytes, 'base64url')}"` };
    kept.set(place, sized);
    return sized;
  };

  return [
    defineRoute({
      method: 'POST',
      path: '/v1/images',
      operation: 'uploadImage',
      summary: 'Upload an image, for the `imageUrl` of a product; the same file has the same id',
      tag: 'Images',
      access: ['staff', 'service'],
      fileTypes: UPLOAD_TYPES,
      bodyBytes: UPLOAD_BYTES_MAX,
      answers: { 201: ImageView },
      problems: ['images_unsupported'],
      handle: async (request) => {
        const { file } = request;
        if (file === undefined) throw new Error('uploadImage was called without a file');
        const imageId = imageIdOf(file);
        const stored = await findImage(db, { imageId });
        const encoding = stored === undefined ? await enqueue(() => encode(file)) : undefined;
        if (stored === undefined && encoding === undefined) return problem({ code: 'overloaded' });
        if (encoding?.kind === 'unsupported') return problem({ code: 'images_unsupported' });
        if (encoding?.kind === 'unreadable') return invalid('', encoding.message);
        const key = idempotencyKeyOf('uploadImage', { ...request, body: imageId });
        const outcome = await transactOnce(db, key, async (transaction) => {
          if (encoding !== undefined) await storeImage(transaction, imageId, encoding);
          return { status: 201, body: viewImage(imageId, (stored ?? encoding)!) };
        });
        return replyTo(outcome);
      },
    }),

    defineRoute({
      method: 'GET',
      path: '/v1/images/:imageId',
      operation: 'getImage',
      summary: 'Read an image; it never changes, so caches may keep it',
      tag: 'Images',
      access: 'public',
      params: strictObject({ imageId: ImageId }),
      query: strictObject({
        size: Type.Optional({ ...choice(['small', 'medium', 'large']), default: 'large' }),
      }),
      answerType: 'image/webp',
      answers: { 200: FILE },
      problems: ['image_not_found'],
      handle: async ({ params: { imageId }, query: { size = 'large' } }) => {
        const sized = await findSized(imageId, size);
        if (sized === undefined) return problem({ code: 'image_not_found' });
        const { bytes, etag } = sized;
        return { kind: 'answer', status: 200, body: bytes, mediaType: 'image/webp', etag };
      },
    }),
  ];
};

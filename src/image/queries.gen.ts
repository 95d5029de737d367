// Generated from queries.sql by "npm run generate". Do not edit.
import { exec, one, toBytes } from '../database/statement.ts';

/** A second upload of the same file changes nothing: caches keep the image of the first. */
export const insertImage = exec<{
  readonly imageId: string;
  readonly width: number;
  readonly height: number;
  readonly small: Buffer;
  readonly medium: Buffer;
  readonly large: Buffer;
}>({
  name: 'image.InsertImage',
  text: `insert into image.images (image_id, width, height, small, medium, large)
values (
  $1, $2::int, $3::int, $4::bytea, $5::bytea, $6::bytea
)
on conflict do nothing`,
  encode: (params) => [
    params.imageId,
    params.width,
    params.height,
    params.small,
    params.medium,
    params.large,
  ],
});

export interface FindImageRow {
  readonly width: number;
  readonly height: number;
}

export const findImage = one<{ readonly imageId: string }, FindImageRow>({
  name: 'image.FindImage',
  text: `select width, height from image.images where image_id = $1`,
  encode: (params) => [params.imageId],
  decode: (r) => ({ width: Number(r[0]!), height: Number(r[1]!) }),
});

export interface ReadImageRow {
  readonly bytes: Buffer;
}

/** Reads one size only: the others stay in their own pages. */
export const readImage = one<{ readonly size: string; readonly imageId: string }, ReadImageRow>({
  name: 'image.ReadImage',
  text: `select
  case $1::text when 'small' then small when 'medium' then medium else large end as "bytes!"
from image.images
where image_id = $2`,
  encode: (params) => [params.size, params.imageId],
  decode: (r) => ({ bytes: toBytes(r[0]!) }),
});

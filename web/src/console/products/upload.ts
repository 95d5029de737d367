import { readProblem } from '../../api/read-problem.ts';
import { newId } from '../../shop/new-id.ts';

/** The largest file that Moa takes as a picture. */
export const PICTURE_BYTES_MAX = 8 * 1024 * 1024;

/** The kinds of files that Moa takes as a picture. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'] as const;

type Uploaded =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly problem: { readonly code: string } };

/** Why a file cannot be a picture, before it is sent. */
export const fileProblem = ({
  size,
  type,
}: Pick<File, 'size' | 'type'>): { readonly code: string } | undefined => {
  if (!PICTURE_TYPES.some((each) => each === type)) return { code: 'unsupported_media_type' };
  return size > PICTURE_BYTES_MAX ? { code: 'payload_too_large' } : undefined;
};

/** Sends a picture; the same file sent twice is the same picture. */
export const uploadPicture = async (file: File): Promise<Uploaded> => {
  const refused = fileProblem(file);
  if (refused !== undefined) return { ok: false, problem: refused };
  const response = await fetch('/v1/images', {
    method: 'POST',
    headers: { 'content-type': file.type, 'idempotency-key': newId() },
    body: file,
  });
  if (!response.ok) return { ok: false, problem: await readProblem(response) };
  const { url } = (await response.json()) as { url: string };
  return { ok: true, url };
};

/** A PNG of one white pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==',
  'base64',
);

/** Uploads a picture and returns its id. */
export const uploadPicture = async (url: string, token: string, file = PIXEL): Promise<string> => {
  const response = await fetch(`${url}/v1/images`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    body: new Uint8Array(file),
  });
  if (response.status !== 201) throw new Error(`an upload was answered ${response.status}`);
  return ((await response.json()) as { readonly imageId: string }).imageId;
};

import { expect, onTestFinished, test, vi } from 'vitest';
import { PICTURE_BYTES_MAX, fileProblem, uploadPicture } from './upload.ts';

test('a file is refused before it is sent when it is too large or no picture', () => {
  expect(fileProblem({ size: PICTURE_BYTES_MAX, type: 'image/png' })).toBeUndefined();
  expect(fileProblem({ size: PICTURE_BYTES_MAX + 1, type: 'image/png' })?.code).toBe(
    'payload_too_large',
  );
  for (const type of ['image/svg+xml', 'text/html', ''])
    expect(fileProblem({ size: 1, type })?.code).toBe('unsupported_media_type');
});

test('the page of a proxy in place of an answer means that the service does not answer', async () => {
  vi.stubGlobal('fetch', async () => new Response('<h1>502 Bad Gateway</h1>', { status: 502 }));
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const file = new File(['picture'], 'picture.png', { type: 'image/png' });
  expect(await uploadPicture(file)).toEqual({ ok: false, problem: { code: 'unavailable' } });
});

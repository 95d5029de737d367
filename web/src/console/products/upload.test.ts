import { expect, test } from 'vitest';
import { PICTURE_BYTES_MAX, fileProblem } from './upload.ts';

test('a file is refused before it is sent when it is too large or no picture', () => {
  expect(fileProblem({ size: PICTURE_BYTES_MAX, type: 'image/png' })).toBeUndefined();
  expect(fileProblem({ size: PICTURE_BYTES_MAX + 1, type: 'image/png' })?.code).toBe(
    'payload_too_large',
  );
  for (const type of ['image/svg+xml', 'text/html', ''])
    expect(fileProblem({ size: 1, type })?.code).toBe('unsupported_media_type');
});

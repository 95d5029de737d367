import { expect, test } from 'vitest';
import { readBuildInfo } from './versions.ts';

test('the versions are read from the metrics', () => {
  const metrics = [
    '# TYPE moa_build_info gauge',
    'moa_build_info{version="1.2.3",node="24.1.0",postgres="18.0 (Debian 18.0-1)"} 1',
    'moa_commit_queue_commands 0',
  ].join('\n');
  expect(readBuildInfo(metrics)).toEqual({
    version: '1.2.3',
    node: '24.1.0',
    postgres: '18.0 (Debian 18.0-1)',
  });
  expect(readBuildInfo('moa_commit_queue_commands 0')).toBe(undefined);
});

/** The versions of Moa and what it runs on; the metrics may be on another port. */
export interface Build {
  readonly version: string;
  readonly node?: string;
  readonly postgres?: string;
  readonly hasMetrics: boolean;
}

/** The labels of `moa_build_info` in the text of the metrics; undefined without it. */
export const readBuildInfo = (metrics: string): Omit<Build, 'hasMetrics'> | undefined => {
  const labels = /^moa_build_info\{(.*)\} 1$/m.exec(metrics)?.[1] ?? '';
  const valueOf = (name: string): string | undefined =>
    new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1];
  const [version, node, postgres] = ['version', 'node', 'postgres'].map(valueOf);
  if (version === undefined) return undefined;
  return {
    version,
    ...(node === undefined ? {} : { node }),
    ...(postgres === undefined ? {} : { postgres }),
  };
};

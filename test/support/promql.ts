import { parser } from '@prometheus-io/lezer-promql';

/** What a query of Prometheus reads. */
export interface QueryParts {
  /** Each metric with the labels that its selector names. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** The labels of `by`, `on`, `ignoring` and their like. */
  readonly grouping: readonly string[];
  /** The texts that are not PromQL. */
  readonly errors: readonly string[];
}

/** Parses a query with the grammar of Prometheus's own pages. */
export const partsOf = (query: string): QueryParts => {
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  const errors: string[] = [];
  parser.parse(query).iterate({
    enter: ({ node, type }) => {
      const text = query.slice(node.from, node.to);
      if (type.isError) errors.push(`${query}: at ${node.from}: ${text}`);
      const parent = node.parent?.type.name;
      if (type.name === 'Identifier' && parent === 'VectorSelector') {
        selectors.push({ metric: text, labels: [] });
      }
      if (type.name !== 'LabelName') return;
      // The labels of a selector follow its name.
      if (parent === 'GroupingLabels') grouping.push(text);
      else selectors.at(-1)?.labels.push(text);
    },
  });
  return { selectors, grouping, errors };
};

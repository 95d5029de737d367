import type { Fields, Line, Refused } from './lines.ts';
import type { Answer, Problem, Service } from './service.ts';

/** Lines of one request: a fraction of what a batch may have, so that progress is visible. */
const LINES_MAX = 100;
/** Half of the largest body of a batch. */
const BYTES_MAX = 1024 * 1024;

export interface Imported {
  readonly created: number;
  readonly updated: number;
  readonly refused: number;
}

type Valid = Extract<Line, { readonly fields: Fields }>;

const reasonOf = ({ code, title, errors }: Problem): string =>
  errors === undefined
    ? `${code}: ${title}`
    : errors
        .map(({ pointer, message }) => `${pointer.replace(/^\/items\/\d+\//, '')} ${message}`)
        .join('; ');

/**
 * Creates a product for each line, several in one request. A line whose SKU a product has is
 * refused, or with `update` changes this product, except its stock, which only adjustments change.
 * Calls `onRefused` for each refused line, in order.
 */
export const importProducts = async (
  lines: AsyncIterable<Line>,
  service: Service,
  { update, onRefused }: { update: boolean; onRefused: (refused: Refused) => void },
): Promise<Imported> => {
  const counts = { created: 0, updated: 0, refused: 0 };

  /** The reason why the line is refused, if it is. */
  const settle = async ({ fields }: Valid, answer: Answer): Promise<string | undefined> => {
    if ('product' in answer) {
      counts.created++;
      return undefined;
    }
    let problem: Problem | undefined = answer.problem;
    if (update && problem.code === 'sku_taken' && problem.productId !== undefined) {
      const { sku: _sku, stock: _stock, ...change } = fields;
      problem = await service.change(problem.productId, change);
      if (problem === undefined) counts.updated++;
    }
    return problem && reasonOf(problem);
  };

  const send = async (gathered: readonly Line[]): Promise<void> => {
    const valid = gathered.filter((line): line is Valid => 'fields' in line);
    const answers =
      valid.length === 0 ? [] : await service.create(valid.map(({ fields }) => fields));
    // One after the other: two lines may have the same SKU, and the later line then decides.
    const reasons = new Map<number, string | undefined>();
    for (const [index, line] of valid.entries()) {
      reasons.set(line.line, await settle(line, answers[index]!));
    }
    for (const each of gathered) {
      const reason = 'reason' in each ? each.reason : reasons.get(each.line);
      if (reason === undefined) continue;
      counts.refused++;
      onRefused({ line: each.line, reason });
    }
  };

  for await (const gathered of gather(lines)) await send(gathered);
  return counts;
};

/** Groups lines by the limits of a request. */
async function* gather(lines: AsyncIterable<Line>): AsyncGenerator<Line[]> {
  let gathered: Line[] = [];
  let bytes = 0;
  for await (const line of lines) {
    const size = 'fields' in line ? Buffer.byteLength(JSON.stringify(line.fields)) : 0;
    if (gathered.length === LINES_MAX || (gathered.length > 0 && bytes + size > BYTES_MAX)) {
      yield gathered;
      gathered = [];
      bytes = 0;
    }
    gathered.push(line);
    bytes += size;
  }
  if (gathered.length > 0) yield gathered;
}

/** The code of a problem; what else there is depends on the call. */
interface Problem {
  readonly code: string;
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';

/** The problem in a refusal; one that is not the service's, as the page of a proxy, is `unavailable`. */
export const readProblem = async (response: Response): Promise<Problem> => {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (isProblem(body)) return body;
  } catch {
    // It is not JSON.
  }
  return { code: 'unavailable' };
};

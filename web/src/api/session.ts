import { queryOptions, useIsMutating, useQuery, type QueryClient } from '@tanstack/react-query';
import { readProblem } from './read-problem.ts';

/** Who signed in; its `id` is the user's id in Moa. */
export interface SignedIn {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: 'customer' | 'staff';
}

/** How visitors can sign in here. */
export interface SignInOptions {
  readonly signIn: 'here' | 'elsewhere';
  readonly demo: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

/** Why a request of sign-in was refused. */
export interface SignInRefusal {
  readonly code: string;
  readonly detail?: string;
  readonly traceId?: string;
  /** The fields that are not valid, as JSON pointers. */
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  /** How long to wait before the next attempt. */
  readonly waitSeconds?: number;
}

export type SignInResult =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly problem: SignInRefusal };

const read = async (path: string): Promise<unknown> => {
  const response = await fetch(`/auth/${path}`);
  if (!response.ok) throw new Error(`/auth/${path} answered ${response.status}`);
  return response.json();
};

/** Sends a request of sign-in; a refusal is a value, a lost connection an exception. */
export const sendToSignIn = async (path: string, body: object = {}): Promise<SignInResult> => {
  const response = await fetch(`/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return { ok: true, answer: await response.json() };
  // Seconds; a date (RFC 9110 §10.2.3) is what this service never sends.
  const waitSeconds = Number(response.headers.get('retry-after') ?? 0) || 0;
  return { ok: false, problem: { ...(await readProblem(response)), waitSeconds } };
};

/**
 * Sends the browser to an identity provider, which sends it back to `target`, or to `failed` with
 * `?error=`; a refusal is a value.
 */
export const leaveForProvider = async (
  providerId: string,
  { target, failed }: { readonly target: string; readonly failed: string },
): Promise<SignInResult> => {
  const sent = await sendToSignIn('sign-in/oauth2', {
    providerId,
    callbackURL: target,
    errorCallbackURL: failed,
  });
  if (sent.ok) location.assign((sent.answer as { readonly url: string }).url);
  return sent;
};

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: async () => (await read('options')) as SignInOptions,
  staleTime: Infinity,
});

const readSession = async (): Promise<SignedIn | null> => {
  const options = (await read('options')) as SignInOptions;
  if (options.signIn === 'elsewhere') return null;
  const session = (await read('get-session')) as { user: SignedIn } | null;
  return session?.user ?? null;
};

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: readSession,
  staleTime: 60_000,
  // Somebody may have signed in or out in another tab.
  refetchOnWindowFocus: 'always',
});

/** Reads who is signed in, after an answer that says that it may be somebody else by now. */
export const readSessionAgain = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: sessionQuery.queryKey });

/** The key of the mutation that signs out. */
export const SIGN_OUT = ['sign-out'] as const;

/** Whether a person is signing out: what is read for this person now would be refused. */
export const useIsLeaving = (): boolean => useIsMutating({ mutationKey: SIGN_OUT }) > 0;

/** Who signed in: undefined while it is read, null for a visitor. */
export const useSession = (): SignedIn | null | undefined => useQuery(sessionQuery).data;

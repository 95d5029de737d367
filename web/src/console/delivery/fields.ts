/** What may be wrong with a field of a destination. */
export type FieldFault =
  | 'name'
  | 'url'
  | 'scheme'
  | 'credentials'
  | 'private'
  | 'brokers'
  | 'topic'
  | 'choices'
  | 'encrypted'
  | 'types'
  | 'secret'
  | 'token'
  | 'user'
  | 'secretAgain'
  | 'ca'
  | 'caScheme';

export type Field = 'name' | 'url' | 'types' | 'secret' | 'ca';

interface Refusal {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

const urlFault = (message: string): FieldFault => {
  if (message.includes('public address')) return 'private';
  if (message.includes('brokers')) return 'brokers';
  if (message.includes('topic')) return 'topic';
  if (message.endsWith('mechanism plain')) return 'encrypted';
  if (message.includes('`mechanism`') || message.includes('`compression`')) return 'choices';
  if (message.startsWith('must begin with')) return 'scheme';
  return message.includes('user or password') ? 'credentials' : 'url';
};

const secretFault = (message: string): FieldFault => {
  if (message.startsWith('is required again')) return 'secretAgain';
  if (message.includes('user:password')) return 'user';
  return message.includes('whsec_') ? 'secret' : 'token';
};

/**
 * The faults that a refusal names, by field. Undefined where it is about something else, which is
 * then shown as a problem.
 */
export const faultsIn = ({
  code,
  errors = [],
}: Refusal): Partial<Record<Field, FieldFault>> | undefined => {
  if (code !== 'invalid_request' || errors.length === 0) return undefined;
  const faults: Partial<Record<Field, FieldFault>> = {};
  for (const { pointer, message } of errors) {
    const field = pointer.split('/')[1];
    if (field === 'name') faults.name ??= 'name';
    else if (field === 'url') faults.url ??= urlFault(message);
    else if (field === 'types') faults.types ??= 'types';
    else if (field === 'secret') faults.secret ??= secretFault(message);
    else if (field === 'ca') faults.ca ??= message.startsWith('is only for') ? 'caScheme' : 'ca';
    else return undefined;
  }
  return faults;
};

const SECRET_BYTES = 32;

/** A new secret that signs webhooks (Standard Webhooks 1.0.0): `whsec_` and bytes in base64. */
export const newSecret = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(String.fromCodePoint(...bytes))}`;
};

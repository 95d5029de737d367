import { Type } from 'typebox';
import { choice, strictObject, text, visibleText } from '../contract/index.ts';
import { EMAIL, NAME_LENGTH_MAX, PASSWORD_LENGTH, PROVIDER_ID } from '../sign-in/index.ts';

/** RFC 5321 §4.5.3.1.3. */
const EMAIL_LENGTH_MAX = 254;
const Email = { ...text(3, EMAIL_LENGTH_MAX, 'an e-mail address'), pattern: EMAIL.source };
const Password = text(PASSWORD_LENGTH.min, PASSWORD_LENGTH.max);
/** Of any length, so that a wrong password gets the answer for wrong passwords. */
const AnyPassword = text(0, PASSWORD_LENGTH.max);
/** A page of this service: a path, which no browser reads as the name of another host. */
const Page = Type.String({ maxLength: 500, pattern: String.raw`^/(?![/\\])[^\s\\]*$` });

/** What the calls of sign-in accept. Unknown fields are rejected, as everywhere. */
export const BODIES = {
  signUp: strictObject({
    name: visibleText(NAME_LENGTH_MAX),
    email: Email,
    password: Password,
    rememberMe: Type.Optional(Type.Boolean()),
  }),
  signIn: strictObject({
    email: Email,
    password: AnyPassword,
    rememberMe: Type.Optional(Type.Boolean()),
  }),
  passwordChange: strictObject({ currentPassword: AnyPassword, newPassword: Password }),
  provider: strictObject({
    providerId: choice([PROVIDER_ID]),
    callbackURL: Page,
    errorCallbackURL: Type.Optional(Page),
  }),
  sample: strictObject({ as: choice(['customer', 'operator']) }),
};

interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role?: string;
}

interface Session {
  readonly id: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly ipAddress?: string | null;
  readonly userAgent?: string | null;
}

const viewUser = ({ id, email, name, role = 'customer' }: User) => ({ id, email, name, role });

const viewSession = ({ id, createdAt, expiresAt }: Session) => ({ id, createdAt, expiresAt });

/** What is shown of better-auth's answers: never a token of a session. */
export const ANSWERS = {
  user: (answer: unknown) => ({ user: viewUser((answer as { user: User }).user) }),
  sessions: (answer: unknown) =>
    (answer as Session[]).map(({ ipAddress, userAgent, ...session }) => ({
      ...viewSession(session),
      ipAddress: ipAddress ?? null,
      userAgent: userAgent ?? null,
    })),
  done: () => ({ success: true }),
};

/** The session and the user of a cookie; null without a session. */
export const bodyOfSession = (answer: unknown): object | null => {
  const found = answer as { readonly session: Session; readonly user: User } | null;
  if (found === null) return null;
  return { session: viewSession(found.session), user: viewUser(found.user) };
};

/** Where the browser goes to sign in with an identity provider. */
export const redirectOf = (answer: unknown): object => {
  const { url } = answer as { readonly url: string };
  return { url, redirect: true };
};

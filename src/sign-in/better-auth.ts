import { betterAuth, type BetterAuthOptions, type BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { newId } from '../database/ids.ts';
import { cookieNameOf, type Transport } from './cookie.ts';
import { LIMITS, USUAL_LIMIT } from './limits.ts';
import { saveSampleUser } from './queries.gen.ts';
import { SAMPLE_USERS, type SampleUser } from './sample-users.ts';
import {
  ADDRESS_HEADER,
  NAME_LENGTH_MAX,
  PASSWORD_LENGTH,
  PROVIDER_ID,
  type IdentityProvider,
} from './settings.ts';

interface Settings extends Transport {
  readonly db: Pool;
  readonly secret: string;
  readonly publicUrl: string;
  readonly rateLimit: boolean;
  readonly demo: boolean;
  readonly provider: IdentityProvider | undefined;
  readonly onNotice: (message: string) => void;
}

const DAY_SECONDS = 86_400;
const SESSION_SECONDS = 7 * DAY_SECONDS;

const TABLES = {
  user: {
    modelName: 'users',
    fields: {
      emailVerified: 'email_verified',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  session: {
    modelName: 'sessions',
    fields: {
      userId: 'user_id',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      expiresAt: 'expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  account: {
    modelName: 'accounts',
    fields: {
      accountId: 'account_id',
      providerId: 'provider_id',
      userId: 'user_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'verifications',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  rateLimit: { modelName: 'rate_limits', fields: { lastRequest: 'last_request' } },
};

/** Of an identity provider, whose names can be anything. */
const shownName = (name: string): string =>
  name
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, NAME_LENGTH_MAX) || 'Customer';

/** A new user is a customer without a picture, and no token of a provider is stored. */
const HOOKS: BetterAuthOptions['databaseHooks'] = {
  user: {
    create: {
      before: (user) => {
        const data = { ...user, name: shownName(user.name), image: null, role: 'customer' };
        return Promise.resolve({ data });
      },
    },
  },
  account: {
    create: {
      before: (account) => {
        const none = {
          accessToken: null,
          refreshToken: null,
          idToken: null,
          accessTokenExpiresAt: null,
          refreshTokenExpiresAt: null,
        };
        return Promise.resolve({ data: { ...account, ...none } });
      },
    },
  },
};

/** Signs a sample user in without a password. */
const signInSamples = (db: Pool) =>
  ({
    id: 'moa-demo',
    endpoints: {
      signInSample: createAuthEndpoint('/demo', { method: 'POST' }, async (context) => {
        const { as } = context.body as { readonly as: SampleUser };
        const sample = SAMPLE_USERS[as];
        await saveSampleUser(db, sample);
        const { internalAdapter } = context.context;
        const user = await internalAdapter.findUserById(sample.userId);
        if (user === null) throw new Error(`the sample user ${sample.userId} is missing`);
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(context, { session, user });
        return context.json({ user });
      }),
    },
  }) satisfies BetterAuthPlugin;

const discover = ({ issuer, clientId, clientSecret, name }: IdentityProvider) =>
  genericOAuth({
    config: [
      {
        providerId: PROVIDER_ID,
        name,
        discoveryUrl: `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
        requireIdTokenVerification: true,
        clientId,
        clientSecret,
        scopes: ['openid', 'email', 'profile'],
      },
    ],
  });

/**
 * The options of better-auth. The tables are made by Moa's migrations, never by the library. Its
 * check of the origin is off, because Moa checks every request before; its check of the addresses
 * to return to stays on.
 */
export const optionsOf = (settings: Settings): BetterAuthOptions => {
  const { db, secret, publicUrl, rateLimit, demo, provider, isSecure, onNotice } = settings;
  return {
    appName: 'Moa',
    baseURL: `${publicUrl}/auth`,
    secret,
    database: {
      dialect: new PostgresDialect({ pool: db }),
      type: 'postgres',
      schemaName: 'auth',
      transaction: true,
    },
    user: {
      ...TABLES.user,
      additionalFields: {
        role: { type: 'string', required: false, defaultValue: 'customer', input: false },
      },
    },
    session: { ...TABLES.session, expiresIn: SESSION_SECONDS, updateAge: DAY_SECONDS },
    account: {
      ...TABLES.account,
      updateAccountOnSignIn: false,
      // No provider is linked to an unverified address: somebody else may have signed up with it.
      accountLinking: { requireLocalEmailVerified: true },
    },
    verification: TABLES.verification,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    rateLimit: {
      ...TABLES.rateLimit,
      enabled: rateLimit,
      storage: 'database',
      ...USUAL_LIMIT,
      customRules: { '/get-session': false, ...LIMITS },
    },
    databaseHooks: HOOKS,
    plugins: [
      ...(demo ? [signInSamples(db)] : []),
      ...(provider === undefined ? [] : [discover(provider)]),
    ],
    advanced: {
      database: { generateId: () => newId(), validateSchema: false },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      disableCSRFCheck: true,
      useSecureCookies: false,
      cookiePrefix: isSecure ? '__Host-moa' : 'moa',
      cookies: { session_token: { name: cookieNameOf({ isSecure }) } },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure },
    },
    onAPIError: { throw: true, errorURL: `${publicUrl}/` },
    // Messages of lower levels contain e-mail addresses; an error's details may.
    logger: { level: 'error', log: (_level, message) => onNotice(message) },
    telemetry: { enabled: false },
  };
};

/** The library's handler of requests under `/auth`; faults reject, refusals are answers. */
export const createHandler = (settings: Settings): ((request: Request) => Promise<Response>) =>
  betterAuth(optionsOf(settings)).handler;

export { apiKeyRoutes } from './api-key-routes.ts';
export { acceptApiKeys, startApiKeys, type ApiKeys } from './api-keys.ts';
export { userRoutes } from './routes.ts';
export {
  deriveSecret,
  findSigningKey,
  loadSigningKey,
  type SigningKeyPlace,
} from './signing-key.ts';
export { createTokens, issueToken, type Tokens } from './tokens.ts';
export { createUsers, type Users } from './users.ts';

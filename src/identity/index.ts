export { userRoutes } from './routes.ts';
export { createTokens, type Tokens } from './tokens.ts';
export { createUsers, type Users } from './users.ts';

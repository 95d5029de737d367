export { limitOf } from './limits.ts';
export { SAMPLE_USERS } from './sample-users.ts';
export { startSessionRetention } from './sessions.ts';
export { createSignIn, type AuthRequest, type SignIn } from './sign-in.ts';
export { addStaff, listStaff, removeStaff, type Added, type Removed } from './staff.ts';
export {
  EMAIL,
  NAME_LENGTH_MAX,
  PASSWORD_LENGTH,
  PROVIDER_ID,
  type IdentityProvider,
} from './settings.ts';
export type { Transport } from './cookie.ts';

/** As the service counts them: characters of a password and of a name. */
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 128;
export const NAME_MAX = 100;
/** RFC 5321 §4.5.3.1.3. */
export const EMAIL_MAX = 254;

export type Complaint =
  | 'emailInvalid'
  | 'passwordMissing'
  | 'passwordShort'
  | 'passwordLong'
  | 'passwordInvalid'
  | 'nameMissing'
  | 'nameInvalid';

/** What is wrong with an address; the service looks closer. */
export const checkEmail = (email: string): Complaint | undefined =>
  /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(email.trim()) ? undefined : 'emailInvalid';

/** What is wrong with a password of somebody who signs in. */
export const checkKnownPassword = (password: string): Complaint | undefined =>
  password === '' ? 'passwordMissing' : checkLength(password, 0);

/** What is wrong with a new password. */
export const checkNewPassword = (password: string): Complaint | undefined =>
  checkLength(password, PASSWORD_MIN);

const checkLength = (password: string, min: number): Complaint | undefined => {
  const { length } = Array.from(password);
  if (length < min) return 'passwordShort';
  return length > PASSWORD_MAX ? 'passwordLong' : undefined;
};

/** What is wrong with a name. */
export const checkName = (name: string): Complaint | undefined => {
  if (name.trim() === '') return 'nameMissing';
  return Array.from(name.trim()).length > NAME_MAX ? 'nameInvalid' : undefined;
};

/**
 * The complaint for each field that the service refused, of those that the form has. The form has
 * checked how long the password is.
 */
export const complaintsIn = (
  errors: readonly { readonly pointer: string }[],
): Partial<Record<'email' | 'password' | 'name', Complaint>> => {
  const refused = new Set(errors.map(({ pointer }) => pointer));
  return {
    ...(refused.has('/email') ? { email: 'emailInvalid' } : {}),
    ...(refused.has('/password') ? { password: 'passwordInvalid' } : {}),
    ...(refused.has('/name') ? { name: 'nameInvalid' } : {}),
  };
};

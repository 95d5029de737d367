import { Button, PasswordInput, TextInput, type PasswordInputProps } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/locale.tsx';
import { EMAIL_MAX } from './fields.ts';
import { signInMessages } from './messages.ts';
import type { SignInState } from './use-sign-in.ts';

/** The e-mail address of an account; a phone shows the keyboard for one. */
export const EmailField = (input: GetInputPropsReturnType) => {
  const t = useMessages(signInMessages);
  return (
    <TextInput
      label={t.email}
      type="email"
      name="email"
      autoComplete="email"
      inputMode="email"
      maxLength={EMAIL_MAX}
      required
      withAsterisk={false}
      {...input}
    />
  );
};

type PasswordFieldProps = GetInputPropsReturnType &
  Pick<PasswordInputProps, 'description'> & {
    /** Tells a password manager whether it may propose a new one. */
    readonly autoComplete: 'current-password' | 'new-password';
  };

/** A password, which can be shown while it is typed. */
export const PasswordField = (props: PasswordFieldProps) => {
  const t = useMessages(signInMessages);
  return (
    <PasswordInput
      label={t.password}
      name="password"
      required
      withAsterisk={false}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': t.show }}
      {...props}
    />
  );
};

/** Sends the form; waits while an attempt is on its way or the last was too fast. */
export const SendButton = ({
  state,
  children,
}: {
  readonly state: SignInState;
  readonly children: ReactNode;
}) => (
  <Button
    type="submit"
    size="lg"
    loading={state.isSending}
    disabled={state.waitSeconds > 0}
    fullWidth
  >
    {children}
  </Button>
);

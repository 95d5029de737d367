import { Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { getRouteApi } from '@tanstack/react-router';
import { sendToSignIn } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { TextLink } from '../parts/link.tsx';
import { usePageTitle } from '../parts/page-title.ts';
import { EmailField, PasswordField, SendButton } from './account-fields.tsx';
import { checkEmail, checkName, checkNewPassword, complaintsIn, NAME_MAX } from './fields.ts';
import classes from './frame.module.css';
import { SignInFrame } from './frame.tsx';
import { signInMessages } from './messages.ts';
import { useComplaints } from './use-complaints.ts';
import { useSignIn, type SignInState } from './use-sign-in.ts';

const route = getRouteApi('/shop/sign-up');

const SignUpForm = ({ state }: { readonly state: SignInState }) => {
  const t = useMessages(signInMessages);
  const withWords = useComplaints();
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: checkName,
      email: checkEmail,
      password: checkNewPassword,
    },
    onSubmitPreventDefault: 'always',
  });
  const send = form.onSubmit(
    ({ name, email, password }) =>
      state.attempt({
        send: () =>
          sendToSignIn('sign-up/email', { name: name.trim(), email: email.trim(), password }),
        onRefused: ({ errors = [] }) => {
          const complaints = complaintsIn(errors);
          form.setErrors(complaints);
          return Object.keys(complaints).length > 0;
        },
      }),
    (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
  );
  return (
    <form onSubmit={send} noValidate>
      <Stack gap="md">
        <TextInput
          label={t.name}
          name="name"
          autoComplete="name"
          maxLength={NAME_MAX}
          required
          withAsterisk={false}
          {...withWords(form.getInputProps('name'))}
        />
        <EmailField {...withWords(form.getInputProps('email'))} />
        <PasswordField
          autoComplete="new-password"
          description={t.passwordHint}
          {...withWords(form.getInputProps('password'))}
        />
        <SendButton state={state}>{t.createAccount}</SendButton>
      </Stack>
    </form>
  );
};

/** Makes an account of a customer, who is then signed in. */
export const SignUpPage = () => {
  const t = useMessages(signInMessages);
  const { to } = route.useSearch();
  const state = useSignIn(to);
  usePageTitle(t.signUp);
  return (
    <SignInFrame title={t.signUp} target={to} state={state}>
      <Stack gap="md">
        <SignUpForm state={state} />
        <p className={classes.other}>
          {t.haveAccount}
          <TextLink to="/sign-in" search={to === undefined ? {} : { to }}>
            {t.signIn}
          </TextLink>
        </p>
      </Stack>
    </SignInFrame>
  );
};

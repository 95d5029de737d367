import { Alert, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertCircle } from '@tabler/icons-react';
import { getRouteApi, useLocation } from '@tanstack/react-router';
import { sendToSignIn } from '../api/session.ts';
import { useMessages } from '../i18n/locale.tsx';
import { TextLink } from '../parts/link.tsx';
import { usePageTitle } from '../parts/page-title.ts';
import { EmailField, PasswordField, SendButton } from './account-fields.tsx';
import { checkEmail, checkKnownPassword, complaintsIn } from './fields.ts';
import classes from './frame.module.css';
import { SignInFrame } from './frame.tsx';
import { signInMessages } from './messages.ts';
import { useComplaints } from './use-complaints.ts';
import { useSignIn, type SignInState } from './use-sign-in.ts';

const route = getRouteApi('/shop/sign-in');

const SignInForm = ({ state }: { readonly state: SignInState }) => {
  const t = useMessages(signInMessages);
  const withWords = useComplaints();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: checkEmail,
      password: checkKnownPassword,
    },
    onSubmitPreventDefault: 'always',
  });
  const send = form.onSubmit(
    ({ email, password }) =>
      state.attempt({
        send: () => sendToSignIn('sign-in/email', { email: email.trim(), password }),
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
        <EmailField {...withWords(form.getInputProps('email'))} />
        <PasswordField
          autoComplete="current-password"
          {...withWords(form.getInputProps('password'))}
        />
        <SendButton state={state}>{t.signIn}</SendButton>
      </Stack>
    </form>
  );
};

/** What the identity provider reported when it sent the browser back. */
const ProviderError = () => {
  const t = useMessages(signInMessages);
  const { error }: { readonly error?: unknown } = useLocation().search;
  if (error === undefined) return null;
  return (
    <Alert
      role="alert"
      variant="outline"
      color="var(--moa-bad)"
      icon={<IconAlertCircle size={20} aria-hidden />}
    >
      <Text size="sm">{error === 'account_not_linked' ? t.notLinked : t.providerFailed}</Text>
    </Alert>
  );
};

/** Signs in with e-mail and password, with a provider, or as a sample user of a demo. */
export const SignInPage = () => {
  const t = useMessages(signInMessages);
  const { to } = route.useSearch();
  const state = useSignIn(to);
  usePageTitle(t.signIn);
  return (
    <SignInFrame title={t.signIn} target={to} state={state} note={<ProviderError />}>
      <Stack gap="md">
        <SignInForm state={state} />
        <p className={classes.other}>
          {t.noAccount}
          <TextLink to="/sign-up" search={to === undefined ? {} : { to }}>
            {t.signUp}
          </TextLink>
        </p>
      </Stack>
    </SignInFrame>
  );
};

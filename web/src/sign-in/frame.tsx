import { Button, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import {
  IconDoorEnter,
  IconShieldCheck,
  IconShoppingBag,
  IconUserCheck,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  leaveForProvider,
  sendToSignIn,
  signInOptionsQuery,
  useSession,
  type SignInOptions,
} from '../api/session.ts';
import { useFormat } from '../i18n/format.ts';
import { useMessages } from '../i18n/locale.tsx';
import { LinkButton } from '../parts/link.tsx';
import { problemIn, ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty } from '../parts/states.tsx';
import classes from './frame.module.css';
import { signInMessages } from './messages.ts';
import type { SignInState } from './use-sign-in.ts';

interface WaysProps {
  readonly options: SignInOptions;
  readonly state: SignInState;
  readonly target: string | undefined;
}

const Providers = ({ options, state, target = '/' }: WaysProps) => {
  const t = useMessages(signInMessages);
  const failed = `/sign-in?${new URLSearchParams({ to: target })}`;
  return options.providers.map(({ id, name }) => (
    <Button
      key={id}
      variant="default"
      fullWidth
      disabled={state.isSending}
      onClick={() =>
        state.attempt({ stay: true, send: () => leaveForProvider(id, { target, failed }) })
      }
    >
      {t.provider(name)}
    </Button>
  ));
};

const Demo = ({ state }: { readonly state: SignInState }) => {
  const t = useMessages(signInMessages);
  const signInAs = (as: 'customer' | 'operator') => () =>
    state.attempt({ send: () => sendToSignIn('demo', { as }) });
  return (
    <section className={classes.demo} aria-labelledby="demo">
      <Title order={2} id="demo" fz="md">
        {t.demoTitle}
      </Title>
      <Text size="sm" c="dimmed">
        {t.demoText}
      </Text>
      <div className={classes.samples}>
        <Button
          variant="light"
          leftSection={<IconShoppingBag size={18} aria-hidden />}
          disabled={state.isSending}
          onClick={signInAs('customer')}
        >
          {t.asCustomer}
        </Button>
        <Button
          variant="light"
          leftSection={<IconShieldCheck size={18} aria-hidden />}
          disabled={state.isSending}
          onClick={signInAs('operator')}
        >
          {t.asOperator}
        </Button>
      </div>
    </section>
  );
};

const Elsewhere = () => {
  const t = useMessages(signInMessages);
  return (
    <Empty
      icon={<IconDoorEnter size={48} stroke={1.2} />}
      title={t.elsewhere}
      text={t.elsewhereText}
      action={<LinkButton to="/">{t.toShop}</LinkButton>}
    />
  );
};

/** For somebody who signed in already, as in another tab. */
const SignedIn = ({ name, target = '/' }: { readonly name: string; readonly target?: string }) => {
  const t = useMessages(signInMessages);
  const router = useRouter();
  return (
    <Empty
      icon={<IconUserCheck size={48} stroke={1.2} />}
      title={t.signedIn(name)}
      action={<Button onClick={() => router.history.replace(target)}>{t.goOn}</Button>}
    />
  );
};

/** The refusal of the last attempt; one that was too fast is a short wait. */
const Refusal = ({ state }: { readonly state: SignInState }) => {
  const t = useMessages(signInMessages);
  const format = useFormat();
  const { problem, waitSeconds } = state;
  if (waitSeconds > 0) {
    return (
      <div className={classes.wait}>
        <output>
          <VisuallyHidden>{t.waitShortly}</VisuallyHidden>
        </output>
        <span aria-hidden>{t.wait(format.number(waitSeconds), waitSeconds === 1)}</span>
      </div>
    );
  }
  return problem === undefined ? null : <ProblemNotice problem={problem} />;
};

interface SignInFrameProps {
  readonly title: string;
  readonly target: string | undefined;
  readonly state: SignInState;
  /** What the visitor should know before the form. */
  readonly note?: ReactNode;
  /** The form. */
  readonly children: ReactNode;
}

/** The ways to sign in that this shop has, around a form. */
export const SignInFrame = ({ title, target, state, note, children }: SignInFrameProps) => {
  const t = useMessages(signInMessages);
  const session = useSession();
  const { data: options, error, refetch } = useQuery(signInOptionsQuery);
  if (error !== null) {
    return <ProblemNotice problem={problemIn(error)} onRetry={() => void refetch()} />;
  }
  if (options?.signIn === 'elsewhere') return <Elsewhere />;
  if (session && !state.isSending) {
    return <SignedIn name={session.name} {...(target === undefined ? {} : { target })} />;
  }
  return (
    <div className={classes.frame}>
      <Title order={1}>{title}</Title>
      {note}
      <Refusal state={state} />
      {children}
      {options === undefined ? <Skeleton height={132} /> : null}
      {options !== undefined && options.providers.length > 0 ? (
        <Stack gap="sm">
          <span className={classes.or}>{t.or}</span>
          <Providers options={options} state={state} target={target} />
        </Stack>
      ) : null}
      {options?.demo === true ? <Demo state={state} /> : null}
    </div>
  );
};

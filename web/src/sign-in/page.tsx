import { Title } from '@mantine/core';

export const SignInPage = () => <Title>SignInPage</Title>;

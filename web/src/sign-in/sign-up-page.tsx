import { Title } from '@mantine/core';

export const SignUpPage = () => <Title>SignUpPage</Title>;

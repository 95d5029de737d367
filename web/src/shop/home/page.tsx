import { Title } from '@mantine/core';

export const HomePage = () => <Title>HomePage</Title>;

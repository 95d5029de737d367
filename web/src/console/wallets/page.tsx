import { Title } from '@mantine/core';

export const WalletsPage = () => <Title>WalletsPage</Title>;

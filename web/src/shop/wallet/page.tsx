import { Title } from '@mantine/core';

export const WalletPage = () => <Title>WalletPage</Title>;

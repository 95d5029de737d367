import { Title } from '@mantine/core';

export const CartPage = () => <Title>CartPage</Title>;

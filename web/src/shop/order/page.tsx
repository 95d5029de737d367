import { Title } from '@mantine/core';

export const OrderPage = () => <Title>OrderPage</Title>;

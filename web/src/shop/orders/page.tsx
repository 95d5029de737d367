import { Title } from '@mantine/core';

export const OrdersPage = () => <Title>OrdersPage</Title>;

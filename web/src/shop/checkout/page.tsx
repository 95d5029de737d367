import { Title } from '@mantine/core';

export const CheckoutPage = () => <Title>CheckoutPage</Title>;

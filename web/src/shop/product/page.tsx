import { Title } from '@mantine/core';

export const ProductPage = () => <Title>ProductPage</Title>;

import { Title } from '@mantine/core';

export const ProductsPage = () => <Title>ProductsPage</Title>;

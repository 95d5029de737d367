import { Title } from '@mantine/core';

export const DeliveryPage = () => <Title>DeliveryPage</Title>;

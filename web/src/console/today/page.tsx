import { Title } from '@mantine/core';

export const TodayPage = () => <Title>TodayPage</Title>;

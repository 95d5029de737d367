import { Title } from '@mantine/core';

export const SettingsPage = () => <Title>SettingsPage</Title>;

import { MantineProvider } from '@mantine/core';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { styleNonce } from './nonce.ts';
import { OfflineBar } from './parts/offline-bar.tsx';
import { consoleTheme, consoleVariables, shopTheme, shopVariables } from './theme.ts';

/** Every page, in the theme of its room. */
export const RootLayout = () => {
  const isConsole = useRouterState({
    select: ({ location }) => location.pathname.startsWith('/console'),
  });
  return (
    <MantineProvider
      theme={isConsole ? consoleTheme : shopTheme}
      cssVariablesResolver={isConsole ? consoleVariables : shopVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <OfflineBar />
      <Outlet />
    </MantineProvider>
  );
};

import { Title } from '@mantine/core';
import { useMessages } from '../../i18n/locale.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { Account } from './account.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Display } from './display.tsx';
import { settingsMessages } from './messages.ts';
import { Service } from './service.tsx';
import classes from './settings.module.css';

/** Keys, the service, the account and the display. */
export const SettingsPage = () => {
  const t = useMessages(settingsMessages);
  usePageTitle(t.title);
  return (
    <div className={classes.page}>
      <Title className={classes.wide}>{t.title}</Title>
      <div className={classes.wide}>
        <ApiKeys />
      </div>
      <Service />
      <div className={classes.column}>
        <Account />
        <Display />
      </div>
    </div>
  );
};

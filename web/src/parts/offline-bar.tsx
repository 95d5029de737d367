import { IconWifiOff } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useMessages } from '../i18n/locale.tsx';
import { defineMessages } from '../i18n/messages.ts';
import classes from './offline-bar.module.css';

const messages = defineMessages({
  en: { offline: 'You are offline. What you typed is kept; we continue when you are back.' },
  ko: { offline: '인터넷 연결이 끊겼어요. 입력한 내용은 그대로 있고, 연결되면 이어서 할게요.' },
});

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};

/** Says that the browser has no network. */
export const OfflineBar = () => {
  const t = useMessages(messages);
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <output className={classes.place}>
      {online ? null : (
        <span className={classes.bar}>
          <IconWifiOff size={16} aria-hidden /> {t.offline}
        </span>
      )}
    </output>
  );
};

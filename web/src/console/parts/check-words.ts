import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';

const messages = defineMessages({
  en: {
    service: 'Process',
    service_running: 'running',
    service_stopping: 'stopping',
    database: 'Database',
    database_reachable: 'reachable',
    database_unreachable: 'unreachable',
    resources: 'Room for writes',
    resources_available: 'available',
    resources_exhausted: 'exhausted',
    migrations: 'Migrations',
    migrations_current: 'current',
    queue: 'Queue',
    queue_open: 'open',
    queue_full: 'full',
  },
  ko: {
    service: '프로세스',
    service_running: '실행 중',
    service_stopping: '멈추는 중',
    database: '데이터베이스',
    database_reachable: '연결됨',
    database_unreachable: '연결 안 됨',
    resources: '쓰기 공간',
    resources_available: '충분함',
    resources_exhausted: '부족함',
    migrations: '마이그레이션',
    migrations_current: '최신',
    queue: '대기열',
    queue_open: '여유 있음',
    queue_full: '가득 참',
  },
});

/** What the checks of `/readyz` and their states are called; a later version may have others. */
export const useCheckWords = () => {
  const texts: Readonly<Record<string, string>> = useMessages(messages);
  return {
    nameOf: (check: string): string => texts[check] ?? check,
    stateOf: (check: string, state: string): string => texts[`${check}_${state}`] ?? state,
  };
};

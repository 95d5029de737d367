import { defineMessages } from '../i18n/messages.ts';

/** What the shop says about stock. */
export const stockMessages = defineMessages({
  en: {
    soldOut: 'Sold out',
    left: (count: string) => `${count} left`,
  },
  ko: {
    soldOut: '품절',
    left: (count: string) => `${count}개 남음`,
  },
});

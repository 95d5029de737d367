import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { PastAnswer, PastFigure } from '../parts/past-figure.tsx';
import { pastWalletQuery } from './queries.ts';

const messages = defineMessages({
  en: {
    at: 'Balance at',
    was: (balance: string, time: string) => `${balance} on ${time}`,
    earlier: 'A change up to that time is still being recorded, so this is the balance before it.',
    before: 'This customer did not exist then.',
  },
  ko: {
    at: '이때의 잔액',
    was: (balance: string, time: string) => `${time}에 ${balance}`,
    earlier: '그때까지의 변경이 아직 기록되는 중이라, 그 전의 잔액이에요.',
    before: '그때는 없던 고객이에요.',
  },
});

interface PastBalanceProps {
  readonly userId: string;
  readonly currency: string;
}

const Answer = ({ userId, currency, at }: PastBalanceProps & { readonly at: Date }) => {
  const t = useMessages(messages);
  const format = useFormat();
  return (
    <PastAnswer
      query={useQuery(pastWalletQuery(userId, at))}
      at={at}
      missing={{ code: 'user_not_found', text: t.before }}
      earlier={t.earlier}
      was={({ balance }, time) => t.was(format.money(balance, currency), time)}
    />
  );
};

/** The balance at a past time. */
export const PastBalance = ({ userId, currency }: PastBalanceProps) => {
  const t = useMessages(messages);
  return (
    <PastFigure label={t.at}>
      {(at) => <Answer userId={userId} currency={currency} at={at} />}
    </PastFigure>
  );
};

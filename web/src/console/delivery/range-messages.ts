import { defineMessages } from '../../i18n/messages.ts';

/** Words about sending a range of time again. */
export const rangeMessages = defineMessages({
  en: {
    text:
      'Sends the events of a range of time again, of the types that this destination receives. ' +
      'The receiver knows a repeated event by its id. Times are those of this browser.',
    lastHour: 'Last hour',
    lastDay: 'Last 24 hours',
    from: 'From',
    to: 'To (empty: until now)',
    backwards: 'This is before "From".',
    count: 'Count the events',
    moreThan: (count: string) => `More than ${count} events`,
    wholly: 'All events of the range were counted.',
    partly: 'Only the first 2,000 events of the range were looked at. All of it is sent.',
    ask: (events: string) => `Resend: ${events}…`,
    title: (events: string, name: string) => `Resend to ${name}: ${events}?`,
    between: (from: string, to: string) => `From ${from} to ${to}.`,
    effect: 'Sent besides new events, in their order, also what arrived before.',
    paused: 'The destination is paused: nothing is sent until it is resumed.',
    action: (events: string) => `Resend: ${events}`,
    done: (events: string) => `${events}: sent again from now on.`,
  },
  ko: {
    text:
      '기간을 정해 이 대상이 받는 종류의 이벤트를 다시 보내요. 받는 쪽은 같은 이벤트를 id로 ' +
      '알아볼 수 있어요. 시각은 이 브라우저의 시간대예요.',
    lastHour: '최근 1시간',
    lastDay: '최근 24시간',
    from: '시작',
    to: '끝 (비우면 지금까지)',
    backwards: '시작보다 앞이에요.',
    count: '이벤트 세어 보기',
    moreThan: (count: string) => `이벤트 ${count}개 이상`,
    wholly: '기간의 이벤트를 모두 세었어요.',
    partly: '기간의 처음 2,000개만 살펴봤어요. 보낼 때는 전부 보내요.',
    ask: (events: string) => `${events} 다시 보내기…`,
    title: (events: string, name: string) => `${name}에 ${events}를 다시 보낼까요?`,
    between: (from: string, to: string) => `${from}부터 ${to}까지예요.`,
    effect: '새 이벤트와 함께 순서대로 보내요. 이미 도착한 이벤트도 다시 보내요.',
    paused: '전송이 멈춰 있어서 다시 시작하면 보내요.',
    action: (events: string) => `${events} 다시 보내기`,
    done: (events: string) => `${events}를 다시 보내기 시작했어요.`,
  },
});

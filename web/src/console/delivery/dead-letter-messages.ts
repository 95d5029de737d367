import { defineMessages } from '../../i18n/messages.ts';

/** Words about events that a destination has refused. */
export const deadLetterMessages = defineMessages({
  en: {
    none: 'No dead letters: the destination has refused nothing.',
    count: (shown: string, total: string) => `${shown} of ${total} shown`,
    event: 'Event',
    refusals: (count: string, isOne: boolean) => ` · refused ${isOne ? 'once' : `${count} times`}`,
    due: 'Waits to be sent again',
    resend: 'Resend',
    resent: (id: string) => `Event …${id} is sent again.`,
    remove: 'Delete…',
    removed: (id: string) => `Event …${id} is deleted for this destination.`,
    removeTitle: (id: string) => `Delete dead letter …${id}?`,
    removeEffect: (type: string, name: string) =>
      `${name} never receives this event (${type}). The event stays in the journal and can be ` +
      'sent by a range of time.',
    removeAction: 'Delete the dead letter',
    resendAll: (count: string) => `Resend all ${count}…`,
    allTitle: (count: string, isOne: boolean, name: string) =>
      `Resend ${count} dead ${isOne ? 'letter' : 'letters'} to ${name}?`,
    allEffect: 'Sent besides new events, each once. What is refused again stays here.',
    allEffectPaused:
      'The destination is paused: nothing is sent until it is resumed. What is refused again ' +
      'stays here.',
    allAction: (count: string) => `Resend ${count}`,
    allResent: (count: string, isOne: boolean) =>
      isOne ? '1 dead letter is sent again.' : `${count} dead letters are sent again.`,
  },
  ko: {
    none: '보내지 못한 이벤트가 없어요. 거절된 것이 없어요.',
    count: (shown: string, total: string) => `${total}개 중 ${shown}개`,
    event: '이벤트',
    refusals: (count: string, _isOne: boolean) => ` · ${count}번 거절됨`,
    due: '다시 보내려고 기다리고 있어요',
    resend: '다시 보내기',
    resent: (id: string) => `…${id} 이벤트를 다시 보내요.`,
    remove: '지우기…',
    removed: (id: string) => `…${id} 이벤트를 이 대상에서 지웠어요.`,
    removeTitle: (id: string) => `보내지 못한 …${id} 이벤트를 지울까요?`,
    removeEffect: (type: string, name: string) =>
      `이 이벤트(${type})를 ${name}에 보내지 않아요. 이벤트는 기록에 남아 있어서 기간을 정해 ` +
      '다시 보낼 수 있어요.',
    removeAction: '이벤트 지우기',
    resendAll: (count: string) => `${count}개 모두 다시 보내기…`,
    allTitle: (count: string, _isOne: boolean, name: string) =>
      `${name}에 ${count}개를 다시 보낼까요?`,
    allEffect: '새 이벤트와 함께 한 번씩 보내요. 다시 거절된 것은 여기에 남아요.',
    allEffectPaused: '전송이 멈춰 있어서 다시 시작하면 보내요. 다시 거절된 것은 여기에 남아요.',
    allAction: (count: string) => `${count}개 다시 보내기`,
    allResent: (count: string, _isOne: boolean) => `${count}개를 다시 보내요.`,
  },
});

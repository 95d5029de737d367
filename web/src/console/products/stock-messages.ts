import { defineMessages } from '../../i18n/messages.ts';

/** The words of an adjustment of the stock. */
export const stockMessages = defineMessages({
  en: {
    title: 'Adjust the stock',
    delta: 'Change',
    deltaHint: 'For example 20 for a delivery, -3 for breakage',
    no_change: 'A whole number that is not zero',
    too_many: 'That is more than there is',
    reason: 'Reason',
    reasonMissing: 'Say why',
    noChange: 'Stock → –',
    change: (before: string, after: string) => `Stock ${before} → ${after}`,
    close: 'Close',
    adjust: 'Adjust',
    act: (delta: number, units: string) => (delta < 0 ? `Remove ${units}` : `Add ${units}`),
    question: (units: string, name: string) => `Remove ${units} of ${name} from the stock?`,
    because: (reason: string) => `Reason: ${reason}`,
    done: (stock: string) => `The stock is ${stock} now.`,
    already: (stock: string) =>
      `This was done already: the stock was ${stock} after it. Nothing was done twice.`,
  },
  ko: {
    title: '재고 조정',
    delta: '변경 수량',
    deltaHint: '입고는 20, 파손은 -3처럼 적어 주세요',
    no_change: '0이 아닌 정수로 적어 주세요',
    too_many: '남은 재고보다 많아요',
    reason: '사유',
    reasonMissing: '사유를 적어 주세요',
    noChange: '재고 → –',
    change: (before: string, after: string) => `재고 ${before} → ${after}`,
    close: '닫기',
    adjust: '조정하기',
    act: (delta: number, units: string) => (delta < 0 ? `${units}개 빼기` : `${units}개 더하기`),
    question: (units: string, name: string) => `${name} 재고에서 ${units}개를 뺄까요?`,
    because: (reason: string) => `사유: ${reason}`,
    done: (stock: string) => `이제 재고는 ${stock}개예요.`,
    already: (stock: string) =>
      `이미 처리했어요. 처리한 뒤 재고는 ${stock}개였어요. 두 번 처리되지 않았어요.`,
  },
});

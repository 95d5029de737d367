import type { Random } from './random.ts';

const ORIGINS = (
  '제주 보성 강릉 전주 통영 여수 경주 속초 담양 안동 춘천 부산 대구 수원 광주 남해 하동 청송 영월 ' +
  '순천'
).split(' ');
const GOODS = (
  '말차라떼 유자차 감귤주스 콜드브루 드립백 원두 허브티 쌀과자 약과 한과 꿀 잼 소금빵 크로플 ' +
  '치즈케이크 도넛 누룽지 김부각 오란다 젤리 초콜릿 견과믹스 그래놀라 참기름 고추장 된장 국수 만두 ' +
  '떡볶이 어묵 머그컵 텀블러 접시 수저세트 에코백 파우치 노트 볼펜 스티커 포토카드 키링 후드티 티셔츠 ' +
  '양말 모자 담요 쿠션 비누 캔들 디퓨저'
).split(' ');
const KINDS = '기본 대용량 선물세트 한정판 시즌 클래식 미니 프리미엄 오리지널 리필'.split(' ');

/** A distinct name for each number. */
export const nameOf = (index: number): string => {
  const goods = GOODS[index % GOODS.length]!;
  const origin = ORIGINS[Math.floor(index / GOODS.length) % ORIGINS.length]!;
  const names = GOODS.length * ORIGINS.length;
  const kind = KINDS[Math.floor(index / names) % KINDS.length]!;
  const round = Math.floor(index / (names * KINDS.length));
  return `${origin} ${goods} ${kind}${round === 0 ? '' : ` ${round + 1}호`}`;
};

/** The highest price of a product, in won. */
export const PRICE_MAX = 60_000;
const PRICE_MIN = 1_500;
const PRICE_STEP = 100;

/** Many cheap and few expensive products: the price's logarithm is uniform. */
export const drawPrice = (random: Random): number => {
  const price = PRICE_MIN * (PRICE_MAX / PRICE_MIN) ** random.next();
  return Math.round(price / PRICE_STEP) * PRICE_STEP;
};

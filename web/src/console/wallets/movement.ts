import { AMOUNT_MAX } from '../../parts/money.ts';

/** What staff can do to a balance. */
export type MovementKind = 'charge' | 'withdrawal';

/** The balance after a movement; undefined where the wallet does not hold what is withdrawn. */
export const balanceAfter = (
  kind: MovementKind,
  balance: number,
  amount: number,
): number | undefined => {
  const after = kind === 'charge' ? balance + amount : balance - amount;
  return after < 0 || after > AMOUNT_MAX ? undefined : after;
};

/** Why a wallet refused a movement, with the amounts that matter. */
export interface MovementRefusal {
  readonly balance: number;
  /** The most that a wallet may hold, where that was the reason. */
  readonly limit: number | undefined;
  /** The most that would be taken now. */
  readonly room: number;
}

/** The amounts in a refusal; undefined where it has another reason. */
export const refusalIn = (problem: {
  readonly code: string;
  readonly balance?: number;
  readonly limit?: number;
}): MovementRefusal | undefined => {
  const { code, balance, limit } = problem;
  if (balance === undefined) return undefined;
  if (code === 'insufficient_balance') return { balance, limit: undefined, room: balance };
  if (code !== 'balance_limit_exceeded' || limit === undefined) return undefined;
  return { balance, limit, room: Math.max(0, limit - balance) };
};

/** The amount with its sign, also that of an increase. */
export const signed = (amount: number, money: (amount: number) => string): string =>
  amount > 0 ? `+${money(amount)}` : money(amount);

/** What the form of a new key has. */
export interface NewKeyForm {
  readonly name: string;
  readonly role: 'customer' | 'service' | 'staff';
  readonly userId: string;
  /** The last day, YYYY-MM-DD in local time; empty for none. */
  readonly lastDay: string;
}

/** The instant at which a local day ends. */
const endOfDay = (day: string): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + 1).toISOString();
};

/** The body of the request, without what was left empty. */
export const bodyOf = ({ name, role, userId, lastDay }: NewKeyForm) => ({
  name: name.trim(),
  role,
  ...(userId.trim() === '' ? {} : { userId: userId.trim() }),
  ...(lastDay === '' ? {} : { expiresAt: endOfDay(lastDay) }),
});

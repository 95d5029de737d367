/** The users of a demonstration. They have no password; their addresses belong to nobody. */
export const SAMPLE_USERS = {
  customer: {
    userId: 'demo',
    email: 'sample-customer@localhost',
    name: 'Sample Customer',
    role: 'customer',
  },
  operator: {
    userId: 'demo-operator',
    email: 'sample-operator@localhost',
    name: 'Sample Operator',
    role: 'staff',
  },
} as const;

export type SampleUser = keyof typeof SAMPLE_USERS;

const IDS = new Set<string>(Object.values(SAMPLE_USERS).map(({ userId }) => userId));

/** Whether this user may be signed in only by a demonstration. */
export const isSampleUser = (userId: string): boolean => IDS.has(userId);

import { useMessages } from '../i18n/locale.tsx';
import type { Complaint } from './fields.ts';
import { signInMessages } from './messages.ts';

/** Says what is wrong with a field, in the current language. */
export const useComplaints = (): ((complaint: Complaint | undefined) => string | undefined) => {
  const t = useMessages(signInMessages);
  return (complaint) => (complaint === undefined ? undefined : t[complaint]);
};

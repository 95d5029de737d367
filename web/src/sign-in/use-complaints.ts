import type { GetInputPropsReturnType } from '@mantine/form';
import { useMessages } from '../i18n/locale.tsx';
import type { Complaint } from './fields.ts';
import { signInMessages } from './messages.ts';

/** Says in the current language what is wrong with a field, whose errors are complaints. */
export const useComplaints = (): ((input: GetInputPropsReturnType) => GetInputPropsReturnType) => {
  const t = useMessages(signInMessages);
  return (input) => {
    const complaint = input.error as Complaint | undefined;
    return { ...input, error: complaint === undefined ? undefined : t[complaint] };
  };
};

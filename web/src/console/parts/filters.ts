import { useNavigate, useSearch } from '@tanstack/react-router';

/** Filters of a list, kept in the address so that it can be shared. */
export type Filters = Readonly<Record<string, string>>;

/** The filters in the address, and a function that changes some; undefined removes one. */
export const useFilters = (): readonly [
  Filters,
  (changed: Readonly<Record<string, string | undefined>>) => void,
] => {
  const filters: Filters = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (changed: Readonly<Record<string, string | undefined>>): void => {
    const next = Object.entries({ ...filters, ...changed }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    );
    void navigate({ to: '.', search: Object.fromEntries(next), replace: true });
  };
  return [filters, change];
};

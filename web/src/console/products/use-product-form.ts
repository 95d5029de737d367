import { useState, type FormEvent } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { faultMessages } from './fault-messages.ts';
import {
  FIELDS,
  faultsIn,
  faultsOf,
  type Fault,
  type Faults,
  type Field,
  type Values,
} from './form.ts';

interface Refused {
  readonly ok: false;
  readonly problem: ShownProblem & { readonly errors?: readonly { readonly pointer: string }[] };
}

/** Sends the form; a refusal is shown at its fields. */
export type SendForm = (values: Values) => Promise<{ readonly ok: true } | Refused>;

interface FormOptions {
  readonly first: Values;
  readonly isNew: boolean;
  readonly send: SendForm;
  readonly onTouched: () => void;
}

/** The state of a product's form: what was typed, what is wrong with it, how it is sent. */
export const useProductForm = ({ first, isNew, send, onTouched }: FormOptions) => {
  const errorTexts = useMessages(faultMessages);
  const [values, setValues] = useState(first);
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<ShownProblem>();
  const [busy, setBusy] = useState(false);
  const [uploading, setUploading] = useState(false);
  const change = (changed: Partial<Values>): void => {
    setValues((now) => ({ ...now, ...changed }));
    setFaults((now) => ({
      ...now,
      ...Object.fromEntries(Object.keys(changed).map((field) => [field, undefined])),
    }));
    onTouched();
  };
  const errorOf = (field: Field): string | undefined => {
    const fault: Fault | undefined = faults[field];
    return fault === undefined ? undefined : errorTexts[fault === 'rule' ? field : fault];
  };
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy || uploading) return;
    const form = event.currentTarget;
    const show = (found: Faults): void => {
      setFaults(found);
      const field = FIELDS.find((each) => found[each] !== undefined);
      const control = field === undefined ? null : form.elements.namedItem(field);
      if (control instanceof HTMLElement) control.focus();
    };
    const found = faultsOf(values, isNew);
    setProblem(undefined);
    show(found);
    if (FIELDS.some((field) => found[field] !== undefined)) return;
    setBusy(true);
    try {
      const sent = await send(values);
      if (!sent.ok) {
        show(faultsIn(sent.problem));
        setProblem(sent.problem);
      }
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setBusy(false);
    }
  };
  return { values, change, errorOf, submit, problem, busy, uploading, setUploading };
};

import {
  Button,
  Group,
  Modal,
  NativeSelect,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moa } from '../../api/moa.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { newId } from '../../shop/new-id.ts';
import { useGuard } from '../parts/use-guard.tsx';
import { changeOf, creationOf, draftOf, type Draft } from './draft.ts';
import { faultsIn, type Field, type FieldFault } from './fields.ts';
import { formMessages } from './form-messages.ts';
import { deliveryMessages } from './messages.ts';
import { refreshDestination, type Destination } from './queries.ts';
import { SecretField } from './secret-field.tsx';
import { TypesField } from './types-field.tsx';

type Faults = Partial<Record<Field, FieldFault>>;

const KINDS = ['webhook', 'nats', 'kafka'] as const;
const PLACEHOLDERS = { webhook: 'https://', nats: 'nats://', kafka: 'kafkas://' } as const;

/** What is missing before anything is sent. */
const missingIn = ({ name, url, types }: Draft): Faults => ({
  ...(name.trim() === '' ? { name: 'name' } : {}),
  ...(url.trim() === '' ? { url: 'url' } : {}),
  ...(types?.length === 0 ? { types: 'types' } : {}),
});

interface FormState {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly problem: ShownProblem | undefined;
  readonly isBusy: boolean;
  readonly guard: ReturnType<typeof useGuard>;
  readonly edit: (changed: Partial<Draft>) => void;
  readonly save: () => Promise<void>;
}

const useDestinationForm = ({ destination, onSaved, onClose }: FormProps): FormState => {
  const client = useQueryClient();
  const guard = useGuard('destination');
  const [draft, setDraft] = useState(() => draftOf(destination));
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<ShownProblem>();
  const [isBusy, setBusy] = useState(false);
  // One form creates one destination, however often it is sent.
  const [key, setKey] = useState(newId);
  const send = async () => {
    if (destination === undefined)
      return moa.calls.post('/v1/destinations', { body: creationOf(draft), key });
    const body = changeOf(destination, draft);
    if (body === undefined) return undefined;
    const path = { destinationId: destination.destinationId };
    return moa.calls.patch('/v1/destinations/{destinationId}', { path, body });
  };
  const save = async (): Promise<void> => {
    const missing = missingIn(draft);
    setFaults(missing);
    setProblem(undefined);
    if (isBusy || Object.keys(missing).length > 0) return;
    setBusy(true);
    try {
      const result = await send();
      if (result === undefined) {
        onClose();
      } else if (result.ok) {
        await refreshDestination(client, result.data.destinationId);
        guard.reset();
        onSaved(result.data);
      } else {
        const named = faultsIn(result.problem);
        if (named === undefined) setProblem(result.problem);
        else setFaults(named);
        if (result.problem.code === 'idempotency_key_reused') setKey(newId());
      }
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setBusy(false);
    }
  };
  const edit = (changed: Partial<Draft>): void => {
    setDraft({ ...draft, ...changed });
    guard.touch();
  };
  return { draft, faults, problem, isBusy, guard, edit, save };
};

interface FormProps {
  /** The destination that is changed; without one, a new one is created. */
  readonly destination?: Destination;
  readonly onClose: () => void;
  readonly onSaved: (destination: Destination) => void;
}

/** Creates or changes a destination; what Moa refuses is said at the field. */
export const DestinationForm = (props: FormProps) => {
  const { destination } = props;
  const t = useMessages(formMessages);
  const words = useMessages(deliveryMessages);
  const { draft, faults, problem, isBusy, guard, edit, save } = useDestinationForm(props);
  const close = (): void => guard.leave(props.onClose);
  const isNew = destination === undefined;
  const errorOf = (field: Field): string | undefined => {
    const fault = faults[field];
    return fault === undefined ? undefined : t[fault];
  };
  return (
    <Modal
      opened
      onClose={close}
      title={isNew ? t.newTitle : t.changeTitle(destination.name)}
      size="lg"
      closeOnClickOutside={false}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <TextInput
            label={t.fieldName}
            value={draft.name}
            maxLength={200}
            data-autofocus
            error={errorOf('name')}
            onChange={({ currentTarget }) => edit({ name: currentTarget.value })}
          />
          {isNew ? (
            <NativeSelect
              label={t.kind}
              value={draft.kind}
              data={KINDS.map((value) => ({ value, label: words[value] }))}
              onChange={({ currentTarget }) =>
                edit({ kind: KINDS.find((kind) => kind === currentTarget.value) ?? 'webhook' })
              }
            />
          ) : null}
          <TextInput
            label={t.address}
            description={t[`${draft.kind}Hint`]}
            type={draft.kind === 'kafka' ? 'text' : 'url'}
            dir="ltr"
            value={draft.url}
            maxLength={2_000}
            placeholder={PLACEHOLDERS[draft.kind]}
            error={errorOf('url')}
            onChange={({ currentTarget }) => edit({ url: currentTarget.value })}
          />
          <TypesField
            types={draft.types}
            error={errorOf('types')}
            onChange={(types) => edit({ types })}
          />
          <SecretField
            kind={draft.kind}
            isNew={isNew}
            value={draft.secret}
            error={errorOf('secret')}
            onChange={(secret) => edit({ secret })}
          />
          {draft.kind === 'kafka' ? (
            <Textarea
              label={t.certificates}
              description={t.certificatesHint}
              dir="ltr"
              spellCheck={false}
              rows={3}
              value={draft.ca}
              maxLength={32_768}
              placeholder="-----BEGIN CERTIFICATE-----"
              error={errorOf('ca')}
              onChange={({ currentTarget }) => edit({ ca: currentTarget.value })}
            />
          ) : null}
          {isNew ? (
            <Switch
              label={t.startPaused}
              description={t.startPausedHint}
              checked={draft.isPaused}
              onChange={({ currentTarget }) => edit({ isPaused: currentTarget.checked })}
            />
          ) : null}
          {problem === undefined ? null : <ProblemNotice problem={problem} />}
          <Group justify="space-between">
            <Button variant="default" onClick={close} disabled={isBusy}>
              {t.back}
            </Button>
            <Button type="submit" loading={isBusy}>
              {isNew ? t.create : t.save}
            </Button>
          </Group>
        </Stack>
      </form>
      {guard.question}
    </Modal>
  );
};

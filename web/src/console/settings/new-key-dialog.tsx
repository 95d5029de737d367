import {
  Button,
  Group,
  Input,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { moa } from '../../api/moa.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { useGuard } from '../parts/use-guard.tsx';
import { settingsMessages } from './messages.ts';
import { bodyOf, type NewKeyForm } from './new-key.ts';
import { apiKeysQuery } from './queries.ts';
import { Secret } from './secret.tsx';

const ROLES = ['service', 'customer', 'staff'] as const;
const EMPTY: NewKeyForm = { name: '', role: 'service', userId: '', lastDay: '' };
/** As the API accepts them. */
const NAME_MAX = 100;
const USER_ID = '[A-Za-z0-9_\\-]{1,64}';

const isoDay = (time: Date): string => {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
};

interface Made {
  readonly name: string;
  readonly key?: string;
}

interface FormProps {
  readonly onMade: (made: Made) => void;
  readonly onCancel: () => void;
  readonly onTouched: () => void;
}

const Form = ({ onMade, onCancel, onTouched }: FormProps) => {
  const t = useMessages(settingsMessages);
  const client = useQueryClient();
  const [form, setForm] = useState(EMPTY);
  const [today] = useState(() => isoDay(new Date()));
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem>();
  const hints = { service: t.serviceHint, customer: t.customerHint, staff: t.staffHint };
  const change = (changed: Partial<NewKeyForm>): void => {
    setForm((old) => ({ ...old, ...changed }));
    onTouched();
  };
  const make = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setProblem(undefined);
    try {
      const made = await moa.calls.post('/v1/api-keys', { body: bodyOf(form) });
      if (!made.ok) setProblem(made.problem);
      else {
        onMade(made.data);
        await client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
      }
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void make(event)}>
      <Stack>
        <TextInput
          label={t.name}
          description={t.nameHint}
          required
          maxLength={NAME_MAX}
          pattern=".*\S.*"
          value={form.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          data-autofocus
        />
        <Input.Wrapper label={t.role} labelElement="div">
          <SegmentedControl
            fullWidth
            aria-label={t.role}
            data={ROLES.map((role) => ({ value: role, label: t[role] }))}
            value={form.role}
            onChange={(role) => change({ role })}
          />
          <Text size="sm" c="dimmed" mt={4} mih={22}>
            {hints[form.role]}
          </Text>
        </Input.Wrapper>
        <TextInput
          label={t.user}
          description={form.role === 'customer' ? t.userHint : t.userHintOptional}
          required={form.role === 'customer'}
          pattern={USER_ID}
          autoComplete="off"
          value={form.userId}
          onChange={({ currentTarget }) => change({ userId: currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t.expires}
          description={t.expiresHint}
          min={today}
          value={form.lastDay}
          onChange={({ currentTarget }) => change({ lastDay: currentTarget.value })}
        />
        {problem === undefined ? null : <ProblemNotice problem={problem} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onCancel} disabled={isBusy}>
            {t.cancel}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

interface NewKeyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Makes a key, then shows its text once: neither Escape nor a click beside it loses the text. */
export const NewKeyDialog = ({ opened, onClose }: NewKeyDialogProps) => {
  const t = useMessages(settingsMessages);
  const [made, setMade] = useState<Made>();
  const isMade = made !== undefined;
  const guard = useGuard();
  const close = (): void => guard.leave(onClose);
  const show = (key: Made): void => {
    guard.reset();
    setMade(key);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      onExitTransitionEnd={() => setMade(undefined)}
      title={isMade ? t.made(made.name) : t.newKey}
      closeOnEscape={!isMade}
      closeOnClickOutside={!isMade}
      withCloseButton={!isMade}
      size="lg"
    >
      {isMade ? (
        <Secret secret={made.key} onKept={onClose} />
      ) : (
        <Form onMade={show} onCancel={close} onTouched={guard.touch} />
      )}
      {guard.question}
    </Modal>
  );
};

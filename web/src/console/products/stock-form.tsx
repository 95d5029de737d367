import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Product } from '@moa-commerce/client';
import { moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/locale.tsx';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { Confirmation } from '../parts/confirmation.tsx';
import { settle } from '../parts/settle.ts';
import classes from './products.module.css';
import { refreshProduct } from './queries.ts';
import { stockMessages } from './stock-messages.ts';
import { deltaFault, deltaIn, stockAfter } from './stock.ts';

const REASON_LENGTH_MAX = 200;

/** One intent for one adjustment of a product: a lost one is found done, not done again. */
const intentOf = (productId: string) => moa.intent(`console:stock:${productId}`);

interface StockFormProps {
  readonly product: Product;
  readonly onClose: () => void;
  readonly onTouched: () => void;
  readonly onDone: (note: string) => void;
}

/** Changes the stock by a number of units, with a reason; fewer units are asked for twice. */
export const StockForm = ({ product, onClose, onTouched, onDone }: StockFormProps) => {
  const t = useMessages(stockMessages);
  const format = useFormat();
  const client = useQueryClient();
  const { productId, name, stock } = product;
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [wasSent, setSent] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem>();
  const [intent, setIntent] = useState(() => intentOf(productId));
  const delta = deltaIn(text);
  const after = delta === undefined ? undefined : stockAfter(stock, delta);
  const isReady = delta !== undefined && after !== undefined && reason.trim() !== '';
  const change =
    after === undefined ? t.noChange : t.change(format.number(stock), format.number(after));
  const run = async () => {
    const result = await settle(intent, (key) =>
      moa.calls.post('/v1/products/{productId}/stock-adjustments', {
        path: { productId },
        body: { delta: delta ?? 0, reason: reason.trim() },
        key,
      }),
    );
    await refreshProduct(client, productId);
    if (result.ok) {
      const now = format.number(result.data.stock);
      onDone(result.replayed ? t.already(now) : t.done(now));
    } else setIntent(intentOf(productId));
    return result;
  };
  const add = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const result = await run();
      if (!result.ok) setProblem(result.problem);
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setSent(true);
    if (busy || !isReady) return;
    if (delta < 0) setAsking(true);
    else void add();
  };
  const fault = deltaFault(text, stock, wasSent);
  return (
    <section className={classes.section} aria-label={t.title}>
      <form noValidate onSubmit={submit}>
        <Stack gap="sm">
          <Title order={3}>{t.title}</Title>
          <TextInput
            size="xs"
            label={t.delta}
            description={t.deltaHint}
            required
            autoComplete="off"
            maxLength={21}
            data-autofocus
            value={text}
            error={fault === undefined ? undefined : t[fault]}
            onChange={({ currentTarget }) => {
              setText(currentTarget.value);
              onTouched();
            }}
          />
          <TextInput
            size="xs"
            label={t.reason}
            required
            maxLength={REASON_LENGTH_MAX}
            value={reason}
            error={wasSent && reason.trim() === '' ? t.reasonMissing : undefined}
            onChange={({ currentTarget }) => {
              setReason(currentTarget.value);
              onTouched();
            }}
          />
          <Text component="output" size="sm" fw={600}>
            {change}
          </Text>
          {problem === undefined ? null : <ProblemNotice problem={problem} />}
          <Group justify="space-between">
            <Button size="xs" variant="default" onClick={onClose} disabled={busy}>
              {t.close}
            </Button>
            <Button size="xs" type="submit" loading={busy}>
              {delta === undefined ? t.adjust : t.act(delta, format.number(Math.abs(delta)))}
              {delta !== undefined && delta < 0 ? '…' : ''}
            </Button>
          </Group>
        </Stack>
      </form>
      <Confirmation
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t.question(format.number(Math.abs(delta ?? 0)), name)}
        effect={
          <>
            <div>{change}</div>
            <div>{t.because(reason.trim())}</div>
          </>
        }
        action={t.act(delta ?? 0, format.number(Math.abs(delta ?? 0)))}
        run={run}
        onDone={() => setAsking(false)}
      />
    </section>
  );
};

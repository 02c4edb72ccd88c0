import { TriangleAlert } from 'lucide-react';
import type { Ask, Asking } from '../../app/ipc/contract.ts';
import { AskForm } from '../components/ask-form.tsx';
import { visibleText } from '../text/format.ts';
import { RecoveryWordsView } from './recovery-words.tsx';
import { useWords } from '../components/words-context.ts';

/** A question of the main process, alone in its window. */
export function AskView({ question, asking }: { readonly question: Ask; readonly asking: Asking }) {
  const t = useWords();
  switch (question.kind) {
    case 'remove':
      return <RemoveQuestion question={question} asking={asking} />;
    case 'recover':
      return (
        <AskForm
          asking={asking}
          title={t.asks.recoverTitle}
          field={{ label: t.asks.recoverField, isLong: true }}
          confirm={t.asks.recoverConfirm}
          isDangerous
        >
          <p>{t.asks.recoverBody}</p>
          <Names title={t.asks.recoverKeep} names={question.keep} />
          {question.remove.length === 0 ? null : (
            <Names title={t.asks.recoverRemove} names={question.remove} isBad />
          )}
        </AskForm>
      );
    case 'recovery-words':
      return <RecoveryWordsView question={question} asking={asking} />;
    case 'leave':
      return (
        <AskForm
          asking={asking}
          title={question.isAnew ? t.asks.anewTitle : t.asks.leaveTitle}
          confirm={question.isAnew ? t.asks.anewConfirm : t.asks.leaveConfirm}
          isDangerous
        >
          <p>{question.isAnew ? t.asks.anewBody : t.asks.leaveBody(question.others)}</p>
          <p>{question.isAnew ? t.asks.anewAfter : t.asks.leaveAfter}</p>
        </AskForm>
      );
  }
}

function RemoveQuestion(props: {
  readonly question: Extract<Ask, { kind: 'remove' }>;
  readonly asking: Asking;
}) {
  const t = useWords();
  const { devices, staying, voidsSince, undoesSince } = props.question;
  const [first, ...others] = devices;
  const name = visibleText(first?.name ?? '');
  return (
    <AskForm
      asking={props.asking}
      title={t.asks.removeTitle(name)}
      field={{ label: t.asks.removeField(name) }}
      confirm={t.asks.removeConfirm(devices.length)}
      isDangerous
    >
      <p>{t.asks.removeBody}</p>
      <p className="ask-key">
        <span className="quiet">{t.asks.keyWords}</span>
        <code>{first?.words}</code>
      </p>
      {others.length === 0 ? null : (
        <Names title={t.asks.removeToo} names={others.map((device) => device.name)} isBad />
      )}
      {staying.length === 0 ? null : <Names title={t.asks.removeStaying} names={staying} />}
      {voidsSince === null ? null : <p>{t.asks.removeVoids(voidsSince)}</p>}
      {undoesSince === null ? null : <p>{t.asks.removeUndoes(undoesSince)}</p>}
      <p className="ask-warning">
        <TriangleAlert size={16} aria-hidden="true" />
        {t.asks.removeForGood}
      </p>
    </AskForm>
  );
}

function Names({
  title,
  names,
  isBad = false,
}: {
  readonly title: string;
  readonly names: readonly string[];
  readonly isBad?: boolean;
}) {
  return (
    <section className="ask-names" data-bad={isBad || undefined}>
      <h2>{title}</h2>
      <ul>
        {names.map((name, index) => (
          // Two devices may have one name.
          <li key={index}>
            <bdi>{visibleText(name)}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}

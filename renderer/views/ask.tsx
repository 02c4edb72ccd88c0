import { TriangleAlert } from 'lucide-react';
import type { Ask, Asking } from '../../app/ipc/contract.ts';
import { AskForm } from '../components/ask-form.tsx';
import { asks } from '../text/asks-en.ts';
import { visibleText } from '../text/format.ts';
import { RecoveryWordsView } from './recovery-words.tsx';

/** A question of the main process, alone in its window. */
export function AskView({ question, asking }: { readonly question: Ask; readonly asking: Asking }) {
  switch (question.kind) {
    case 'remove':
      return <RemoveQuestion question={question} asking={asking} />;
    case 'recover':
      return (
        <AskForm
          asking={asking}
          title={asks.recoverTitle}
          field={{ label: asks.recoverField, isLong: true }}
          confirm={asks.recoverConfirm}
          isDangerous
        >
          <p>{asks.recoverBody}</p>
          <Names title={asks.recoverKeep} names={question.keep} />
          {question.remove.length === 0 ? null : (
            <Names title={asks.recoverRemove} names={question.remove} isBad />
          )}
        </AskForm>
      );
    case 'recovery-words':
      return <RecoveryWordsView question={question} asking={asking} />;
    case 'leave':
      return (
        <AskForm
          asking={asking}
          title={question.isAnew ? asks.anewTitle : asks.leaveTitle}
          confirm={question.isAnew ? asks.anewConfirm : asks.leaveConfirm}
          isDangerous
        >
          <p>{question.isAnew ? asks.anewBody : asks.leaveBody(question.others)}</p>
          <p>{question.isAnew ? asks.anewAfter : asks.leaveAfter}</p>
        </AskForm>
      );
  }
}

function RemoveQuestion(props: {
  readonly question: Extract<Ask, { kind: 'remove' }>;
  readonly asking: Asking;
}) {
  const { devices, staying, voidsSince, undoesSince } = props.question;
  const [first, ...others] = devices;
  const name = visibleText(first?.name ?? '');
  return (
    <AskForm
      asking={props.asking}
      title={asks.removeTitle(name)}
      field={{ label: asks.removeField(name) }}
      confirm={asks.removeConfirm(devices.length)}
      isDangerous
    >
      <p>{asks.removeBody}</p>
      <p className="ask-key">
        <span className="quiet">{asks.keyWords}</span>
        <code>{first?.words}</code>
      </p>
      {others.length === 0 ? null : (
        <Names title={asks.removeToo} names={others.map((device) => device.name)} isBad />
      )}
      {staying.length === 0 ? null : <Names title={asks.removeStaying} names={staying} />}
      {voidsSince === null ? null : <p>{asks.removeVoids(voidsSince)}</p>}
      {undoesSince === null ? null : <p>{asks.removeUndoes(undoesSince)}</p>}
      <p className="ask-warning">
        <TriangleAlert size={16} aria-hidden="true" />
        {asks.removeForGood}
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

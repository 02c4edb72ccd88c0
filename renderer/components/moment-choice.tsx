import { isoAgo, isoOfField, type Moment } from '../state/moment.ts';
import { Choice } from './choice.tsx';
import { useWords } from './words-context.ts';

/** A moment: the one that is open-ended, called `openName`, one of a few, or any. */
export function MomentChoice(props: {
  readonly label: string;
  /** Left out where there is no such moment. */
  readonly openName?: string;
  readonly moment: Moment;
  readonly onChange: (moment: Moment) => void;
}) {
  const t = useWords();
  const { label, openName, moment, onChange } = props;
  const options = [
    ...(openName === undefined ? [] : [{ id: 'now', name: openName }]),
    { id: 'hour', name: t.hourAgo },
    { id: 'day', name: t.dayAgo },
    { id: 'week', name: t.weekAgo },
    { id: 'field', name: t.atMoment },
  ];
  return (
    <>
      <Choice
        label={label}
        options={options}
        value={moment.kind}
        onChange={(kind) => {
          if (kind === 'now') onChange({ kind });
          else if (kind === 'hour' || kind === 'day' || kind === 'week')
            onChange({ kind, iso: isoAgo(kind) });
          else onChange({ kind: 'field', iso: isoAgo('hour') });
        }}
      />
      {moment.kind === 'field' ? (
        <label className="choice">
          {t.momentField}
          <input
            className="input"
            type="datetime-local"
            step="1"
            onChange={({ currentTarget: { value } }) => {
              const iso = isoOfField(value);
              if (iso !== undefined) onChange({ kind: 'field', iso });
            }}
          />
        </label>
      ) : null}
    </>
  );
}

import { X } from 'lucide-react';
import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { ScheduleEntry } from '../../app/ipc/contract.ts';
import { choiceOf, type DayChoice, dayChoices, dayNumber, entryOf } from '../state/limits.ts';
import type { Words } from '../text/words.ts';
import { Choice } from './choice.tsx';
import { RateField } from './rate-field.tsx';
import { Segments } from './segments.tsx';
import { useWords } from './words-context.ts';

/** The times of the week at which something else holds. */
export function ScheduleSettings({
  schedule,
  onChange,
}: {
  readonly schedule: readonly ScheduleEntry[];
  readonly onChange: (schedule: readonly ScheduleEntry[]) => void;
}) {
  const t = useWords();
  const said = schedule.map((entry) => sayEntry(t, entry));
  return (
    <fieldset className="schedule">
      <legend>{t.scheduleTitle}</legend>
      <p className="quiet">
        {schedule.length === 0 ? `${t.scheduleHelp} ${t.scheduleNone}` : t.scheduleHelp}
      </p>
      <ul className="schedule-entries">
        {said.map((says, i) => (
          // Two may be the same.
          <li key={i}>
            <span>{says}</span>
            <Button
              className="icon-button"
              aria-label={t.scheduleRemove(says)}
              onPress={() => onChange(schedule.toSpliced(i, 1))}
            >
              <X size={15} aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
      <EntryForm known={said} onAdd={(entry) => onChange([...schedule, entry])} />
    </fieldset>
  );
}

function EntryForm({
  known,
  onAdd,
}: {
  readonly known: readonly string[];
  readonly onAdd: (entry: ScheduleEntry) => void;
}) {
  const t = useWords();
  const [choice, setChoice] = useState<DayChoice>('work');
  const [from, setFrom] = useState('08:00');
  const [to, setTo] = useState('18:00');
  const [does, setDoes] = useState<ScheduleEntry['does']>('pause');
  const [up, setUp] = useState('');
  const [down, setDown] = useState('');
  const entry = entryOf({ days: dayChoices[choice], from, to, does, up, down });
  const isNew = entry !== undefined && !known.includes(sayEntry(t, entry));
  return (
    <Form
      className="limits-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (entry !== undefined && isNew) onAdd(entry);
      }}
    >
      <Choice
        label={t.scheduleDays}
        options={(Object.keys(dayChoices) as DayChoice[]).map((id) => ({
          id,
          name: t.scheduleDayChoices[id],
        }))}
        value={choice}
        onChange={(id) => setChoice(id as DayChoice)}
      />
      <TimeField label={t.scheduleFrom} value={from} onChange={setFrom} />
      <TimeField label={t.scheduleTo} value={to} onChange={setTo} />
      <Segments
        label={t.scheduleDoes}
        options={(['pause', 'limit'] as const).map((id) => ({ id, name: t.scheduleDoesChoices[id] }))}
        value={does}
        onChange={setDoes}
      />
      {does === 'pause' ? null : (
        <>
          <RateField label={t.limitUp} text={up} onChange={setUp} />
          <RateField label={t.limitDown} text={down} onChange={setDown} />
        </>
      )}
      <Button type="submit" className="button" isDisabled={!isNew}>
        {t.scheduleAdd}
      </Button>
    </Form>
  );
}

function TimeField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { label, value, onChange } = props;
  return (
    <TextField className="field time-field" type="time" value={value} onChange={onChange}>
      <Label>{label}</Label>
      <Input className="input" />
    </TextField>
  );
}

function sayEntry(t: Words, entry: ScheduleEntry): string {
  const choice = choiceOf(entry.days);
  const days =
    choice === undefined
      ? t.format.list(entry.days.map((day) => t.format.weekday(dayNumber(day))))
      : t.scheduleDayChoices[choice];
  const rates =
    entry.does === 'pause'
      ? [t.schedulePauses]
      : [
          ...(entry.sendBps === null ? [] : [t.scheduleSends(t.format.rate(entry.sendBps))]),
          ...(entry.receiveBps === null ? [] : [t.scheduleReceives(t.format.rate(entry.receiveBps))]),
        ];
  return `${t.scheduleEntry(days, t.format.clockTime(entry.from), t.format.clockTime(entry.to))}: ${t.format.list(rates)}`;
}

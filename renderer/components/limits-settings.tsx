import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import type { Limits } from '../../app/ipc/contract.ts';
import { bpsOfText, textOfBps } from '../state/limits.ts';
import { useAttempt, useEngine } from './engine-context.ts';
import { RateField } from './rate-field.tsx';
import { ScheduleSettings } from './schedule-settings.tsx';
import { SettingGroup, SettingSwitch } from './setting-row.tsx';
import { useAnswer } from './use-answer.ts';
import { useWords } from './words-context.ts';

/** How fast this device may be, and when it is to rest. */
export function LimitsSettings() {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [saved, setSaved] = useState(0);
  const { value: limits } = useAnswer(String(saved), () => engine.ask('limits', undefined));
  const set = (change: Partial<Omit<Limits, 'now'>>): void =>
    attempt(async () => {
      await engine.ask('limitsSet', change);
      setSaved((before) => before + 1);
    });
  return (
    <SettingGroup title={t.limitsTitle}>
      {limits === undefined ? null : (
        <>
          <RatesForm key={`${limits.sendBps} ${limits.receiveBps}`} limits={limits} onSave={set} />
          <SettingSwitch
            label={t.limitLan}
            help={t.limitLanHelp}
            isOn={limits.lanExempt}
            onChange={(lanExempt) => set({ lanExempt })}
          />
          <ScheduleSettings schedule={limits.schedule} onChange={(schedule) => set({ schedule })} />
        </>
      )}
    </SettingGroup>
  );
}

function RatesForm({
  limits,
  onSave,
}: {
  readonly limits: Limits;
  readonly onSave: (rates: Pick<Limits, 'sendBps' | 'receiveBps'>) => void;
}) {
  const t = useWords();
  const [up, setUp] = useState(textOfBps(limits.sendBps));
  const [down, setDown] = useState(textOfBps(limits.receiveBps));
  const [sendBps, receiveBps] = [bpsOfText(up), bpsOfText(down)];
  const isSame = sendBps === limits.sendBps && receiveBps === limits.receiveBps;
  return (
    <Form
      className="limits-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (sendBps !== undefined && receiveBps !== undefined) onSave({ sendBps, receiveBps });
      }}
    >
      <RateField label={t.limitUp} text={up} onChange={setUp} />
      <RateField label={t.limitDown} text={down} onChange={setDown} />
      <Button
        type="submit"
        className="button"
        isDisabled={isSame || sendBps === undefined || receiveBps === undefined}
      >
        {t.saveSettings}
      </Button>
    </Form>
  );
}

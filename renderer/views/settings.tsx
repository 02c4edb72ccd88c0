import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { LanguageChoice, Picture, Theme } from '../../app/ipc/contract.ts';
import { AdvancedSettings } from '../components/advanced-settings.tsx';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Choice } from '../components/choice.tsx';
import { Segments } from '../components/segments.tsx';
import { LimitsSettings } from '../components/limits-settings.tsx';
import { SettingGroup, SettingSwitch } from '../components/setting-row.tsx';
import { useAppSettings, useChangeSettings } from '../components/use-app-settings.ts';
import { useSaveReport } from '../components/use-save-report.ts';
import { useWords } from '../components/words-context.ts';

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const languages: readonly LanguageChoice[] = ['system', 'en', 'de', 'zh'];

/** What the device and the program around it are set to. */
export function SettingsView({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const settings = useAppSettings();
  const change = useChangeSettings();
  const report = useSaveReport();
  const { status, group } = picture;
  return (
    <>
      <div className="screen-head">
        <h1>{t.screens.settings}</h1>
      </div>
      <div className="settings">
        <SettingGroup title={t.thisDeviceTitle}>
          <NameForm key={status.name} name={status.name} />
        </SettingGroup>
        {settings === undefined ? null : (
          <>
            <SettingGroup title={t.lookTitle}>
              <div className="setting setting-line">
                <span id="theme-label">{t.theme}</span>
                <Segments
                  label={t.theme}
                  options={themes.map((id) => ({ id, name: t.themes[id] }))}
                  value={settings.theme}
                  onChange={(theme) => change({ theme })}
                />
              </div>
              <div className="setting setting-line">
                <Choice
                  label={t.language}
                  options={languages.map((id) => ({ id, name: t.languages[id] }))}
                  value={settings.language}
                  onChange={(id) => change({ language: id as LanguageChoice })}
                />
              </div>
            </SettingGroup>
            <SettingGroup title={t.startTitle}>
              <SettingSwitch
                label={t.autostart}
                help={t.autostartHelp}
                isOn={settings.autostart}
                onChange={(autostart) => change({ autostart })}
              />
            </SettingGroup>
            <SettingGroup title={t.notificationsTitle}>
              <SettingSwitch
                label={t.notifications}
                help={t.notificationsHelp}
                isOn={settings.notifications}
                onChange={(notifications) => change({ notifications })}
              />
            </SettingGroup>
          </>
        )}
        <SettingGroup title={t.pauseTitle}>
          <p className="quiet">{status.state === 'paused' ? t.pausedNow : t.pauseNow}</p>
        </SettingGroup>
        <SettingGroup title={t.groupTitle}>
          <div className="setting setting-line">
            <p className="quiet">
              {group.group === null ? t.groupNone : group.recovery ? t.groupRecovery : t.groupNoRecovery}
            </p>
            {group.group === null ? null : (
              <Button
                className="button"
                data-kind="danger"
                onPress={() => attempt(() => engine.shell('leaveGroup', { anew: false }))}
              >
                {t.leaveGroup}
              </Button>
            )}
          </div>
        </SettingGroup>
        <LimitsSettings />
        <AdvancedSettings />
        <SettingGroup title={t.helpTitle}>
          <div className="setting setting-line">
            <p className="quiet">{t.reportHelp}</p>
            <Button className="button" onPress={report.save}>
              {t.report}
            </Button>
          </div>
          <output className="quiet">{report.isSaved ? t.reportSaved : ''}</output>
          {settings === undefined ? null : <p className="quiet">{t.version(settings.version)}</p>}
        </SettingGroup>
      </div>
    </>
  );
}

function NameForm({ name: known }: { readonly name: string }) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [name, setName] = useState(known);
  return (
    <Form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        attempt(() => engine.ask('settingsSet', { key: 'name', value: name }));
      }}
    >
      <TextField className="field" value={name} onChange={setName} maxLength={64}>
        <Label>{t.nameField}</Label>
        <Input className="input" />
      </TextField>
      <Button type="submit" className="button" isDisabled={name.trim() === '' || name.trim() === known}>
        {t.nameSave}
      </Button>
      <p className="quiet">{t.nameHelp}</p>
    </Form>
  );
}

import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { Picture, Theme } from '../../app/ipc/contract.ts';
import { AdvancedSettings } from '../components/advanced-settings.tsx';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Segments } from '../components/segments.tsx';
import { SettingGroup, SettingSwitch } from '../components/setting-row.tsx';
import { useAppSettings, useChangeSettings } from '../components/use-app-settings.ts';
import { useSaveReport } from '../components/use-save-report.ts';
import { en } from '../text/en.ts';

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** What the device and the program around it are set to. */
export function SettingsView({ picture }: { readonly picture: Picture }) {
  const engine = useEngine();
  const attempt = useAttempt();
  const settings = useAppSettings();
  const change = useChangeSettings();
  const report = useSaveReport();
  const { status, group } = picture;
  return (
    <>
      <div className="screen-head">
        <h1>{en.screens.settings}</h1>
      </div>
      <div className="settings">
        <SettingGroup title={en.thisDeviceTitle}>
          <NameForm key={status.name} name={status.name} />
        </SettingGroup>
        {settings === undefined ? null : (
          <>
            <SettingGroup title={en.lookTitle}>
              <div className="setting setting-line">
                <span id="theme-label">{en.theme}</span>
                <Segments
                  label={en.theme}
                  options={themes.map((id) => ({ id, name: en.themes[id] }))}
                  value={settings.theme}
                  onChange={(theme) => change({ theme })}
                />
              </div>
            </SettingGroup>
            <SettingGroup title={en.startTitle}>
              <SettingSwitch
                label={en.autostart}
                help={en.autostartHelp}
                isOn={settings.autostart}
                onChange={(autostart) => change({ autostart })}
              />
            </SettingGroup>
            <SettingGroup title={en.notificationsTitle}>
              <SettingSwitch
                label={en.notifications}
                help={en.notificationsHelp}
                isOn={settings.notifications}
                onChange={(notifications) => change({ notifications })}
              />
            </SettingGroup>
          </>
        )}
        <SettingGroup title={en.pauseTitle}>
          <p className="quiet">{status.state === 'paused' ? en.pausedNow : en.pauseNow}</p>
        </SettingGroup>
        <SettingGroup title={en.groupTitle}>
          <div className="setting setting-line">
            <p className="quiet">
              {group.group === null ? en.groupNone : group.recovery ? en.groupRecovery : en.groupNoRecovery}
            </p>
            {group.group === null ? null : (
              <Button
                className="button"
                data-kind="danger"
                onPress={() => attempt(() => engine.shell('leaveGroup', { anew: false }))}
              >
                {en.leaveGroup}
              </Button>
            )}
          </div>
        </SettingGroup>
        <AdvancedSettings />
        <SettingGroup title={en.helpTitle}>
          <div className="setting setting-line">
            <p className="quiet">{en.reportHelp}</p>
            <Button className="button" onPress={report.save}>
              {en.report}
            </Button>
          </div>
          <output className="quiet">{report.isSaved ? en.reportSaved : ''}</output>
          {settings === undefined ? null : <p className="quiet">{en.version(settings.version)}</p>}
        </SettingGroup>
      </div>
    </>
  );
}

function NameForm({ name: known }: { readonly name: string }) {
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
        <Label>{en.nameField}</Label>
        <Input className="input" />
      </TextField>
      <Button type="submit" className="button" isDisabled={name.trim() === '' || name.trim() === known}>
        {en.nameSave}
      </Button>
      <p className="quiet">{en.nameHelp}</p>
    </Form>
  );
}

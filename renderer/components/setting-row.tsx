import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';

/** A part of the Settings screen. */
export function SettingGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card setting-group" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Something that is on or off. */
export function SettingSwitch(props: {
  readonly label: string;
  readonly help: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { label, help, isOn, onChange } = props;
  return (
    <div className="setting">
      <Switch className="switch" isSelected={isOn} onChange={onChange}>
        <span className="switch-track" aria-hidden="true" />
        {label}
      </Switch>
      <p className="quiet">{help}</p>
    </div>
  );
}

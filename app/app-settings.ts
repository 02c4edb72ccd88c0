import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { languageChoices, themes } from './ipc/contract.ts';
import { stuckForm } from './stuck.ts';

const schema = z.object({
  theme: themes.catch('system'),
  language: languageChoices.catch('system'),
  notifications: z.boolean().catch(true),
  isSetUp: z.boolean().catch(false),
  /** Whether a person was told how the window comes back where there is no tray. */
  isWayBackTold: z.boolean().catch(false),
  /** What is not in step, and what of it was told. */
  stuck: stuckForm.catch({ toldAt: 0, paths: [] }),
});

/** What the program remembers of itself, beside what the device remembers. */
export type StoredSettings = z.infer<typeof schema>;

/** The settings and the one way to change them. */
export interface SettingsFile {
  current(): StoredSettings;
  /** Changes some and writes all; if that fails they hold until the program ends. */
  change(changes: Partial<StoredSettings>): void;
}

/** Reads `app.json` in `directory`; what is missing or makes no sense is as at first. */
export function openSettingsFile(directory: string): SettingsFile {
  const file = path.join(directory, 'app.json');
  let settings = schema.parse(read(file));
  return {
    current: () => settings,
    change(changes) {
      settings = { ...settings, ...changes };
      fs.mkdirSync(directory, { recursive: true });
      const next = `${file}.new`;
      fs.writeFileSync(next, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
      fs.renameSync(next, file);
    },
  };
}

function read(file: string): unknown {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

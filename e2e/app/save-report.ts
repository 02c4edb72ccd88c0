import fs from 'node:fs';
import { expect } from '@playwright/test';
import type { RunningApp } from './launch-app.ts';

/** Saves a report to `file` by the button in view, as a person would; resolves to what is in it. */
export async function saveReport({ electron, page }: RunningApp, file: string): Promise<string> {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await page.getByRole('button', { name: 'Save a report…' }).click();
  await expect(page.getByText('The report is saved.')).toBeVisible();
  return fs.readFileSync(file, 'utf8');
}

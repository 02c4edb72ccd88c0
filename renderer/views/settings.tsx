import type { Picture } from '../../app/ipc/contract.ts';
import { en } from '../text/en.ts';

/** Placeholder until the next commit. */
export function SettingsView(_props: { readonly picture: Picture }) {
  return <h1>{en.screens.settings}</h1>;
}

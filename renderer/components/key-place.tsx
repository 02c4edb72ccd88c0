import { KeyRound } from 'lucide-react';
import type { DeviceListing } from '../../app/ipc/contract.ts';
import { StateIcon } from './state-icon.tsx';
import { useWords } from './words-context.ts';

/** How a device says it keeps its key; nothing where that is not known. */
export function KeyPlace({ place }: { readonly place: DeviceListing['keyStorage'] }) {
  const t = useWords();
  if (place === 'unknown') return null;
  if (place === 'plain')
    return (
      <p className="chip" data-state="attention">
        <StateIcon state="attention" size={14} />
        {t.keyPlace.plain}
      </p>
    );
  return (
    <p className="chip">
      <KeyRound size={14} aria-hidden="true" />
      {t.keyPlace[place]}
    </p>
  );
}

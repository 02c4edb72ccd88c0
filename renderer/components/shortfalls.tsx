import { TriangleAlert } from 'lucide-react';
import type { Picture } from '../../app/ipc/contract.ts';
import { folderNames } from '../state/select.ts';
import type { Shortfall } from '../text/en/status.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from './words-context.ts';

/** What works only in part on this device, of the kinds `of`; each with what follows from it. */
export function Shortfalls(props: { readonly picture: Picture; readonly of: readonly Shortfall[] }) {
  const t = useWords();
  const { picture, of } = props;
  const nameOf = folderNames(picture);
  return of.flatMap((kind) => {
    const shortfall = picture.status.incomplete.find(({ what }) => what === kind);
    if (shortfall === undefined) return [];
    return (
      <p key={kind} className="shortfall">
        <TriangleAlert size={15} aria-hidden="true" />
        <bdi>{t.shortfall[kind](shortfall.folders.map((id) => visibleText(nameOf(id))))}</bdi>
      </p>
    );
  });
}

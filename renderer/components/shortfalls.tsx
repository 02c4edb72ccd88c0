import { TriangleAlert } from 'lucide-react';
import type { Picture } from '../../app/ipc/contract.ts';
import type { Shortfall } from '../text/en/status.ts';
import { useWords } from './words-context.ts';

/** What works only in part on this device, of the kinds `of`; each with what follows from it. */
export function Shortfalls(props: {
  readonly incomplete: Picture['status']['incomplete'];
  readonly of: readonly Shortfall[];
}) {
  const t = useWords();
  const { incomplete, of } = props;
  return of
    .filter((kind) => incomplete.some(({ what }) => what === kind))
    .map((kind) => (
      <p key={kind} className="shortfall">
        <TriangleAlert size={15} aria-hidden="true" />
        {t.shortfall[kind]}
      </p>
    ));
}

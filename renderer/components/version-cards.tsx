import { ExternalLink } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { ConflictListing } from '../../app/ipc/contract.ts';
import { letterOf, sideOf } from '../state/letters.ts';
import { placeOf } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { useNow } from './use-now.ts';
import { useOpenCopy } from './use-open-copy.ts';
import { useWords } from './words-context.ts';

/** The versions of a conflict beside each other: who, when, what. */
export function VersionCards(props: {
  readonly conflict: ConflictListing;
  readonly who: (key: string) => string;
}) {
  const t = useWords();
  const { conflict, who } = props;
  const now = useNow();
  const openCopy = useOpenCopy();
  return (
    <ul className="version-cards" aria-label={t.versionsLabel}>
      {conflict.versions.map((version, i) => {
        const letter = letterOf(i);
        const { kind, size, target } = version;
        const what =
          kind === 'file'
            ? t.format.size(size)
            : kind === 'symlink'
              ? t.linkTo(visibleText(target ?? ''))
              : t.kindOf[kind];
        return (
          <li key={version.version} className="version-card">
            {/* Of more than two only those that are compared have a colour. */}
            <span
              className="letter"
              data-side={conflict.versions.length === 2 ? sideOf(i) : undefined}
              aria-hidden="true"
            >
              {letter}
            </span>
            <div className="version-text">
              <p className="version-who">
                <span className="unseen">{t.versionLetter(letter)}, </span>
                <bdi>{version.device === '' ? t.noAuthor : t.capital(who(version.device))}</bdi>
              </p>
              <p className="quiet">
                {[
                  ...(version.device === '' ? [] : [t.format.moment(version.changedAt, now)]),
                  what,
                  version.winner ? t.shownNow : version.here ? t.keptBeside : t.notHere,
                ].join(' · ')}
              </p>
            </div>
            {kind === 'file' ? (
              <Button
                className="icon-button"
                aria-label={t.openCopyOf(letter)}
                onPress={() => openCopy(placeOf(conflict.folderId, conflict.path), version.version)}
              >
                <ExternalLink size={16} aria-hidden="true" />
              </Button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

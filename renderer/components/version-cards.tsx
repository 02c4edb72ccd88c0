import { ExternalLink } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { ConflictListing } from '../../app/ipc/contract.ts';
import { letterOf, sideOf } from '../state/letters.ts';
import { placeOf } from '../state/select.ts';
import { en } from '../text/en.ts';
import { visibleText } from '../text/format.ts';
import { useNow } from './use-now.ts';
import { useOpenCopy } from './use-open-copy.ts';

/** The versions of a conflict beside each other: who, when, what. */
export function VersionCards(props: {
  readonly conflict: ConflictListing;
  readonly who: (key: string) => string;
}) {
  const { conflict, who } = props;
  const now = useNow();
  const openCopy = useOpenCopy();
  return (
    <ul className="version-cards" aria-label={en.versionsLabel}>
      {conflict.versions.map((version, i) => {
        const letter = letterOf(i);
        const { kind, size, target } = version;
        const what =
          kind === 'file'
            ? en.format.size(size)
            : kind === 'symlink'
              ? en.linkTo(visibleText(target ?? ''))
              : en.kindOf[kind];
        return (
          <li key={version.version} className="version-card" data-side={sideOf(i)}>
            <span className="letter" data-side={sideOf(i)} aria-hidden="true">
              {letter}
            </span>
            <div className="version-text">
              <p className="version-who">
                <span className="unseen">{en.versionLetter(letter)}, </span>
                <bdi>{version.device === '' ? en.noAuthor : en.capital(who(version.device))}</bdi>
              </p>
              <p className="quiet">
                {[
                  ...(version.device === '' ? [] : [en.format.moment(version.changedAt, now)]),
                  what,
                  version.winner ? en.shownNow : version.here ? en.keptBeside : en.notHere,
                ].join(' · ')}
              </p>
            </div>
            {kind === 'file' ? (
              <Button
                className="icon-button"
                aria-label={en.openCopyOf(letter)}
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

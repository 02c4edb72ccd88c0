import { ProgressBar } from 'react-aria-components';
import type { PictureFolder } from '../../app/ipc/contract.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from './words-context.ts';

/** How far a folder has come, 0 to 1; nothing where nothing is to come. */
export function FolderProgress(props: {
  readonly folder: PictureFolder;
  readonly progress: number | undefined;
}) {
  const t = useWords();
  const { folder, progress } = props;
  if (progress === undefined) return null;
  return (
    <ProgressBar
      className="progress"
      aria-label={t.progressLabel(visibleText(folder.name))}
      value={progress * 100}
    >
      {({ percentage = 0 }) => (
        <svg className="progress-track" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect className="progress-rest" width="100" height="4" />
          <rect className="progress-done" width={percentage} height="4" />
        </svg>
      )}
    </ProgressBar>
  );
}

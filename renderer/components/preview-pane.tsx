import { loadPreview, type PreviewWish } from '../state/preview.ts';
import { en, explainError } from '../text/en.ts';
import { shownLine } from '../text/format.ts';
import { useEngine } from './engine-context.ts';
import { useAnswer } from './use-answer.ts';

/** LIMIT: characters of a text in the page; opening a copy shows the rest. */
const maxCharacters = 60_000;

/** How one version looks. */
export function PreviewPane({ wish }: { readonly wish: PreviewWish }) {
  const engine = useEngine();
  const { value, error } = useAnswer(`${wish.path} ${wish.version}`, (signal) =>
    loadPreview(engine, wish, signal),
  );
  if (error !== undefined) return <p className="quiet">{`${en.cannotRead}. ${explainError(error)}`}</p>;
  if (value === undefined) return <output className="quiet">{en.previewLoading}</output>;
  switch (value.kind) {
    case 'picture':
      return <img className="preview-picture" src={value.source} alt={en.preview} />;
    case 'facts':
      return <p className="quiet">{value.why === 'too-large' ? en.previewTooLarge : en.previewNone}</p>;
    case 'text': {
      const { text, encoding, isGuess } = value.decoded;
      const shown = text.slice(0, maxCharacters).split('\n').map(shownLine).join('\n');
      return (
        <>
          {encoding === 'utf-8' ? null : <p className="quiet">{en.previewEncoding(encoding, isGuess)}</p>}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
          <section className="preview-frame" aria-label={en.preview} tabIndex={0}>
            <pre className="preview-text">{shown === '' ? en.previewEmpty : shown}</pre>
          </section>
        </>
      );
    }
  }
}

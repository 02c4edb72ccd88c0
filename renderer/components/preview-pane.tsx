import { loadPreview, type PreviewWish } from '../state/preview.ts';
import { shownLine } from '../text/format.ts';
import { useEngine } from './engine-context.ts';
import { useAnswer } from './use-answer.ts';
import { useWords } from './words-context.ts';

/** LIMIT: characters of a text in the page; opening a copy shows the rest. */
const maxCharacters = 60_000;

/** How one version looks. */
export function PreviewPane({ wish }: { readonly wish: PreviewWish }) {
  const t = useWords();
  const engine = useEngine();
  const { value, error } = useAnswer(`${wish.path} ${wish.version}`, (signal) =>
    loadPreview(engine, wish, signal),
  );
  if (error !== undefined) return <p className="quiet">{`${t.cannotRead} ${t.explainError(error)}`}</p>;
  if (value === undefined) return <output className="quiet">{t.previewLoading}</output>;
  switch (value.kind) {
    case 'picture':
      return <img className="preview-picture" src={value.source} alt={t.preview} />;
    case 'facts':
      return <p className="quiet">{value.why === 'too-large' ? t.previewTooLarge : t.previewNone}</p>;
    case 'text': {
      const { text, encoding, isGuess } = value.decoded;
      const shown = text.slice(0, maxCharacters).split('\n').map(shownLine).join('\n');
      return (
        <>
          {encoding === 'utf-8' ? null : <p className="quiet">{t.previewEncoding(encoding, isGuess)}</p>}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
          <section className="preview-frame" aria-label={t.preview} tabIndex={0}>
            <pre className="preview-text">{shown === '' ? t.previewEmpty : shown}</pre>
          </section>
        </>
      );
    }
  }
}

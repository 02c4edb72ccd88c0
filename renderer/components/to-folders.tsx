import { Button } from 'react-aria-components';
import { useEngine } from './engine-context.ts';
import { useWords } from './words-context.ts';

/** The way from a screen that is empty for want of a folder to where one is added. */
export function ToFolders() {
  const t = useWords();
  const { store } = useEngine();
  return (
    <Button className="button" onPress={() => store.happened({ kind: 'go-to', screen: 'folders' })}>
      {t.showFolders}
    </Button>
  );
}

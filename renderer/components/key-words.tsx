/** The six words of a key, in a row that is easy to read aloud. */
export function KeyWords({ words, label }: { readonly words: string; readonly label: string }) {
  return (
    <ol className="key-words" aria-label={label}>
      {words.split(' ').map((word, index) => (
        // A word may come twice; its place is its identity.
        <li key={index}>{word}</li>
      ))}
    </ol>
  );
}

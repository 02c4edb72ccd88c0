import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useWords } from './words-context.ts';

const confirmedMs = 2_000;

/** Copies a text and says so for a moment. */
export function CopyButton(props: {
  readonly label: string;
  readonly text: string;
  readonly copy: (text: string) => Promise<unknown>;
  readonly isPrimary?: boolean;
}) {
  const t = useWords();
  const { label, text, copy, isPrimary = false } = props;
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), confirmedMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const Icon = isCopied ? Check : Copy;
  return (
    <Button
      className="button"
      data-kind={isPrimary ? 'primary' : undefined}
      aria-label={label}
      onPress={() => void copy(text).then(() => setCopied(true))}
    >
      <Icon size={15} aria-hidden="true" />
      <span aria-live="polite">{isCopied ? t.copied : t.copy}</span>
    </Button>
  );
}

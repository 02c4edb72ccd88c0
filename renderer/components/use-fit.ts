import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { Asking } from '../../app/ipc/contract.ts';

/** Keeps the window of a question as high as what it says; the last child of the form has its answers, at the bottom. */
export function useFit<E extends HTMLElement>(asking: Asking): RefObject<E | null> {
  const form = useRef<E>(null);
  const told = useRef<number>(undefined);
  useLayoutEffect(() => {
    const fit = (): void => {
      const height = form.current === null ? undefined : heightOf(form.current);
      if (height !== undefined && height !== told.current) void asking.ask('fit', { height });
      told.current = height;
    };
    fit();
    // A scroll bar that was there while it was measured has broken the lines elsewhere.
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  });
  return form;
}

/** Without what nothing needs above the answers. */
function heightOf(form: HTMLElement): number {
  const { height } = form.getBoundingClientRect();
  const answers = form.lastElementChild;
  const before = answers?.previousElementSibling?.getBoundingClientRect().bottom;
  if (answers === null || before === undefined) return Math.ceil(height);
  const gap = Number.parseFloat(getComputedStyle(form).rowGap);
  const blank = answers.getBoundingClientRect().top - before - gap;
  return Math.ceil(height - Math.max(0, blank));
}

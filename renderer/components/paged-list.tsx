/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a table lays its rows out itself, and here rows stand where they belong in a list of which few exist */
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Checkbox } from 'react-aria-components';
import { nextRow, rowStartingWith, type Sight, sightOf } from '../state/list-sight.ts';

/** How near its end a list asks for more, rows. */
const nearEnd = 100;
/** Letters typed within this time are the beginning of one name, milliseconds. */
const typingMs = 800;

interface PagedListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What the row is called, for typing ahead and for its checkbox. */
  readonly nameOf: (row: Row) => string;
  /** Of every row, pixels. */
  readonly rowHeight: number;
  /** `isCurrent`: whether Tab leads into this row, so that a list is one stop and not hundreds. */
  readonly children: (row: Row, isCurrent: boolean) => ReactNode;
  readonly onOpen?: (row: Row) => void;
  /** Whether a row takes the focus as soon as there is one: what had it before is gone. */
  readonly takesFocus?: boolean;
  readonly selection?: {
    readonly keys: ReadonlySet<string>;
    readonly labelOf: (name: string) => string;
    readonly onChange: (keys: ReadonlySet<string>) => void;
  };
  /** Asks for more rows; left out when there are none. */
  readonly onMore?: () => void;
}

/** A list of any length: only the rows in sight exist in the page, whatever is scrolled past costs nothing, and more are asked for as its end comes near. */
export function PagedList<Row extends object>(props: PagedListProps<Row>) {
  const { label, rows, keyOf, nameOf, rowHeight, children, onOpen, selection, onMore } = props;
  const takesFocus = props.takesFocus === true && rows.length > 0;
  const frame = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState<Sight>({ first: 0, last: 0 });
  const [current, setCurrent] = useState(0);
  const typed = useRef({ text: '', at: 0 });
  const hasFocus = useRef(false);
  const last = rows.length - 1;
  const here = Math.min(current, Math.max(0, last));

  useEffect(() => {
    const list = frame.current;
    if (list === null) return undefined;
    const look = (): void => {
      const { scrollTop: top, clientHeight: height } = list;
      const next = sightOf({ top, height, rowHeight, rows: rows.length });
      setSight((before) => (before.first === next.first && before.last === next.last ? before : next));
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(list);
    list.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      list.removeEventListener('scroll', look);
    };
  }, [rowHeight, rows.length]);
  useEffect(() => {
    if (sight.last >= rows.length - nearEnd) onMore?.();
  }, [sight.last, rows.length, onMore]);

  useEffect(() => {
    if (takesFocus) frame.current?.querySelector<HTMLElement>('[role=row]')?.focus();
  }, [takesFocus]);

  // A row that had the focus may be gone, which no event tells.
  useLayoutEffect(() => {
    const list = frame.current;
    if (hasFocus.current && list?.contains(document.activeElement) === false)
      list.querySelector<HTMLElement>(`[aria-rowindex="${here + 1}"]`)?.focus();
  }, [rows, here]);

  const goTo = (index: number): void => {
    const list = frame.current;
    if (list === null) return;
    const top = index * rowHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + rowHeight > list.scrollTop + list.clientHeight)
      list.scrollTop = top + rowHeight - list.clientHeight;
    setCurrent(index);
    // The row may not be in the page before the next frame.
    requestAnimationFrame(() => list.querySelector<HTMLElement>(`[aria-rowindex="${index + 1}"]`)?.focus());
  };
  const toggle = (row: Row): void => {
    if (selection === undefined) return;
    const keys = new Set(selection.keys);
    if (!keys.delete(keyOf(row))) keys.add(keyOf(row));
    selection.onChange(keys);
  };
  const press = (event: React.KeyboardEvent): void => {
    const row = rows[here];
    if (row === undefined || !(event.target as HTMLElement).matches('[role=row]')) return;
    const perPage = Math.max(1, sight.last - sight.first - 2);
    const next = nextRow(event.key, { current: here, last, perPage });
    if (next !== undefined) goTo(next);
    else if (event.key === 'Enter') onOpen?.(row);
    else if (event.key === ' ') toggle(row);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey))
      selection?.onChange(new Set(rows.map(keyOf)));
    else if (event.key === 'Escape' && (selection?.keys.size ?? 0) > 0) selection?.onChange(new Set());
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const isGoingOn = event.timeStamp - typed.current.at < typingMs;
      const text = (isGoingOn ? typed.current.text : '') + event.key;
      typed.current = { text, at: event.timeStamp };
      const found = rowStartingWith(text, {
        from: here,
        rows: rows.length,
        nameAt: (i) => nameOf(rows[i] as Row),
      });
      if (found !== undefined) goTo(found);
    } else return;
    event.preventDefault();
  };

  // The row that has the focus stays in the page, however far away it is.
  const shown = new Set([
    here,
    ...Array.from({ length: sight.last - sight.first }, (_, i) => sight.first + i),
  ]);
  return (
    <div
      ref={frame}
      role="grid"
      aria-label={label}
      aria-rowcount={onMore === undefined ? rows.length : -1}
      aria-multiselectable={selection !== undefined}
      tabIndex={-1}
      className="paged"
      onKeyDown={press}
      onFocus={() => (hasFocus.current = true)}
      onBlur={() => (hasFocus.current = false)}
    >
      <div role="rowgroup" className="paged-rows" style={{ height: rows.length * rowHeight }}>
        {[...shown]
          .toSorted((a, b) => a - b)
          .map((index) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = keyOf(row);
            const isSelected = selection?.keys.has(key);
            return (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list hears its keys
              <div
                key={key}
                role="row"
                aria-rowindex={index + 1}
                aria-selected={isSelected}
                aria-label={nameOf(row)}
                tabIndex={index === here ? 0 : -1}
                className="paged-row"
                data-selected={isSelected === true || undefined}
                style={{ transform: `translateY(${index * rowHeight}px)`, height: rowHeight }}
                onFocus={() => setCurrent(index)}
                onClick={({ target }) => {
                  if ((target as HTMLElement).closest('label, button') === null) onOpen?.(row);
                }}
              >
                <div role="gridcell" className="paged-cell">
                  {selection === undefined ? null : (
                    <Checkbox
                      className="checkbox"
                      aria-label={selection.labelOf(nameOf(row))}
                      excludeFromTabOrder
                      isSelected={isSelected === true}
                      onChange={() => toggle(row)}
                    >
                      <span className="checkbox-box" aria-hidden="true" />
                    </Checkbox>
                  )}
                  {children(row, index === here)}
                </div>
              </div>
            );
          })}
      </div>
    </div>
  );
}

import type { ReactNode } from 'react';
import {
  Checkbox,
  Collection,
  GridList,
  GridListItem,
  GridListLoadMoreItem,
  ListLayout,
  Virtualizer,
} from 'react-aria-components';
import { en } from '../text/en.ts';

/** A list of any length: only the rows in sight exist in the page, and more are asked for as its end comes near. */
export function PagedList<Row extends object>(props: {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What the row is called, for typing ahead and for its checkbox. */
  readonly nameOf: (row: Row) => string;
  readonly rowHeight: number;
  readonly children: (row: Row) => ReactNode;
  readonly onOpen?: (row: Row) => void;
  readonly selection?: {
    readonly keys: ReadonlySet<string>;
    readonly labelOf: (name: string) => string;
    readonly onChange: (keys: ReadonlySet<string>) => void;
    readonly isDisabled?: (row: Row) => boolean;
  };
  /** Asks for more rows; left out when there are none. */
  readonly onMore?: () => void;
}) {
  const { label, rows, keyOf, nameOf, rowHeight, children, onOpen, selection, onMore } = props;
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight, loaderHeight: 36 }}>
      <GridList
        aria-label={label}
        className="paged"
        selectionMode={selection === undefined ? 'none' : 'multiple'}
        selectedKeys={selection?.keys ?? []}
        onSelectionChange={(keys) =>
          selection?.onChange(keys === 'all' ? new Set(rows.map(keyOf)) : new Set([...keys].map(String)))
        }
        onAction={(key) => {
          const row = rows.find((each) => keyOf(each) === key);
          if (row !== undefined) onOpen?.(row);
        }}
      >
        <Collection items={rows}>
          {(row) => (
            <GridListItem id={keyOf(row)} textValue={nameOf(row)} className="paged-row">
              {selection === undefined ? null : (
                <Checkbox
                  slot="selection"
                  className="checkbox"
                  aria-label={selection.labelOf(nameOf(row))}
                  isDisabled={selection.isDisabled?.(row) === true}
                >
                  <span className="checkbox-box" aria-hidden="true" />
                </Checkbox>
              )}
              {children(row)}
            </GridListItem>
          )}
        </Collection>
        {onMore === undefined ? null : (
          <GridListLoadMoreItem isLoading onLoadMore={onMore} className="paged-more">
            {en.loadingMore}
          </GridListLoadMoreItem>
        )}
      </GridList>
    </Virtualizer>
  );
}

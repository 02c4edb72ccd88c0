import type { ReactNode } from 'react';

/** What a screen shows instead of an empty list: what is missing, and what to do. */
export function Empty(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly body: string;
  readonly children?: ReactNode;
}) {
  return (
    <section className="empty">
      <div className="empty-icon" aria-hidden="true">
        {props.icon}
      </div>
      <h2>{props.title}</h2>
      <p>{props.body}</p>
      {props.children === undefined ? null : <div className="empty-actions">{props.children}</div>}
    </section>
  );
}

/** A state's shape: the same as in the tray, so that colour is never the only sign. */
export type IconState = 'idle' | 'syncing' | 'paused' | 'attention' | 'offline';

/** Draws the shape in the colour of its state; it says nothing to a screen reader, whose words stand beside it. */
export function StateIcon({ state, size = 16 }: { readonly state: IconState; readonly size?: number }) {
  return (
    <svg
      className="state-icon"
      data-state={state}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {shapes[state]}
    </svg>
  );
}

const shapes: Readonly<Record<IconState, React.ReactNode>> = {
  idle: (
    <>
      <circle cx="8" cy="8" r="7.5" fill="currentColor" />
      <path d="M4.6 8.3l2.4 2.4 4.5-5" className="state-cut" />
    </>
  ),
  syncing: (
    <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
      <path d="M2.4 7.2A5.7 5.7 0 0 1 12.6 4.6M13.6 8.8A5.7 5.7 0 0 1 3.4 11.4" />
      <path d="M12.9 1.6v3.2H9.7M3.1 14.4v-3.2h3.2" />
    </g>
  ),
  paused: (
    <>
      <circle cx="8" cy="8" r="7.5" fill="currentColor" />
      <path d="M6.1 5.2v5.6M9.9 5.2v5.6" className="state-cut" />
    </>
  ),
  attention: (
    <>
      <path d="M7.1 1.3a1 1 0 0 1 1.8 0l6.5 12a1 1 0 0 1-.9 1.5h-13a1 1 0 0 1-.9-1.5z" fill="currentColor" />
      <path d="M8 5.8v3.7M8 12.1v.05" className="state-cut" />
    </>
  ),
  offline: (
    <g fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round">
      <circle cx="8" cy="8" r="6.3" />
      <path d="M2.6 13.4L13.4 2.6" />
    </g>
  ),
};

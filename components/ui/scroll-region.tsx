import type { ReactNode } from 'react';

/** A region that scrolls has to take the focus, or the keyboard cannot scroll it; and with the focus it needs a name. */
export function ScrollRegion(props: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={props.label} className={props.className} {...FOCUSABLE}>
      {props.children}
    </section>
  );
}

const FOCUSABLE = { tabIndex: 0 };

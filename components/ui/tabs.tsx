'use client';
import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { cx } from './cx';

export interface TabItem<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly panel: ReactNode;
}

export function Tabs<V extends string>(props: {
  readonly label: string;
  readonly value: V;
  readonly items: readonly TabItem<V>[];
  readonly onChange: (value: V) => void;
  readonly className?: string;
}) {
  return (
    <Base.Root
      value={props.value}
      onValueChange={(value: V) => props.onChange(value)}
      className={props.className}
    >
      <Base.List aria-label={props.label} className="flex gap-4 border-b border-line text-s">
        {props.items.map((item) => (
          <Base.Tab
            key={item.value}
            value={item.value}
            className={cx(
              '-mb-px border-b-2 border-transparent pb-1.5 text-ink-3 hover:text-ink',
              'data-[active]:border-accent data-[active]:font-medium data-[active]:text-ink',
            )}
          >
            {item.label}
          </Base.Tab>
        ))}
      </Base.List>
      {props.items.map((item) => (
        <Base.Panel key={item.value} value={item.value}>
          {item.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

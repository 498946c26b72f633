'use client';

/** Of an engine that takes nothing from here: what was edited, as YAML for its own file. */
import { useEffect, useState } from 'react';
import { CodeBlock } from '@/components/ui/code-block';
import type { Target } from './draft';
import type { Config } from './schema-fields';

interface CopyInsteadProps {
  readonly why: string;
  readonly chosen: { readonly target: Target };
  readonly config: Config;
  readonly changed: boolean;
}

export function CopyInstead({ why, chosen, config, changed }: CopyInsteadProps) {
  const [yaml, setYaml] = useState('');
  const { target } = chosen;
  const node = target.kind === 'node' ? target.node : null;
  const document = node ? JSON.stringify({ [`${node.kind}s`]: { [node.component]: config } }) : '';
  useEffect(() => {
    if (document === '') return;
    let isCurrent = true;
    // Only who looks at an engine of this kind needs it.
    void import('yaml').then(({ stringify }) => {
      if (isCurrent) setYaml(stringify(JSON.parse(document)));
    });
    return () => {
      isCurrent = false;
    };
  }, [document]);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-s text-ink-2">
        Nothing can be sent: {why}.{' '}
        {changed ? 'This is what to put into its file.' : 'Edit it here and copy it.'}
      </p>
      {yaml && <CodeBlock label={changed ? 'Changed, to copy' : 'As it runs'} code={yaml} />}
    </div>
  );
}

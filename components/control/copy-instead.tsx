'use client';

/** Of an engine that takes nothing from here: what was edited, as YAML for its own file. */
import { useEffect, useState } from 'react';
import { CodeBlock } from '@/components/ui/code-block';
import { mergePatchOf } from '@/lib/opamp/merge-patch';
import { type Draft, freshDraft, type Target } from './draft';

interface CopyInsteadProps {
  readonly why: string;
  readonly target: Target;
  readonly draft: Draft;
}

export function CopyInstead({ why, target, draft }: CopyInsteadProps) {
  const [yaml, setYaml] = useState('');
  const node = target.kind === 'node' ? target.node : null;
  const change = mergePatchOf(freshDraft(draft.target, target, draft.action).config, draft.config);
  const changed = Object.keys(change).length > 0;
  // What changed alone: beside it stands what is not shown here.
  const document = node
    ? JSON.stringify({ [`${node.kind}s`]: { [node.component]: changed ? change : draft.config } })
    : '';
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
        {changed ? 'This is what changes in its file; null takes a value away.' : 'Edit it here and copy it.'}
      </p>
      {yaml && <CodeBlock label={changed ? 'Changed, to copy' : 'As it runs'} code={yaml} />}
    </div>
  );
}

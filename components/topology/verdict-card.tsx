'use client';
import Link from 'next/link';
import { useRef, useState } from 'react';
import { Dot } from '@/components/ui/badge';
import { cx } from '@/components/ui/cx';
import { usePageHref } from '@/components/ui/use-page-href';
import type { Evidence, Finding, TopologyAnswer } from '@/lib/api/topology';
import { formatClock, formatUnit } from '@/lib/base/format';
import { setHover } from '@/lib/client/hover-store';
import { useOpenFindings, useVerdict } from '@/lib/client/live-stats';
import { useSelectedEngine } from '@/lib/client/queries';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { useStatsWindow } from '@/lib/client/url-state';
import type { StatsWindow } from '@/lib/model/stats-window';
import { ApplyRemedy } from './apply-remedy';
import { type EvidenceTarget, evidenceTarget, namesIn } from './evidence-link';
import { createShortNames } from './short-names';

/** Ids in a text, said as people call the nodes. */
type Short = (text: string) => string;

interface Actions {
  readonly onSelectNode: (id: string) => void;
  readonly onSelectEdge: (id: string) => void;
}

/** What is wrong, since when, why, and what would help. Several are ranked; none is said too. */
export function VerdictCard({ topology, ...actions }: Actions & { readonly topology: TopologyAnswer }) {
  const verdict = useVerdict();
  const findings = useOpenFindings();
  const [window] = useStatsWindow();
  const [openId, setOpenId] = useState<string | null>(null);
  // Until someone says, a narrow canvas folds it.
  const [folded, setFolded] = useState<boolean | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const { live } = useTimeCursor();
  const engine = useSelectedEngine();
  // At a frozen cursor all that were open then are told, also those that ended since.
  const open = findings.filter((finding) => !live || finding.until === undefined);
  const shown = open.find((finding) => finding.id === openId) ?? verdict;
  if (!shown) return <NoFinding window={window} silent={live && engine?.connected === false} />;
  const short = createShortNames(topology.nodes);
  // A source that sends no traces has no batches to lead to.
  const evidence = shown.evidence.filter(
    ({ link }) => engine?.arrivals.traces !== null || !link?.startsWith('/traces'),
  );
  const others = open.filter((finding) => finding.id !== shown.id);
  const names = topology.nodes.map((node) => node.component);
  return (
    <section
      aria-label="Verdict"
      className="pointer-events-auto max-h-full w-[478px] max-w-full overflow-auto rounded-m border border-line bg-surface px-3.5 py-3 shadow-pop"
    >
      <button
        type="button"
        aria-expanded={folded !== true}
        onClick={() => setFolded((body.current?.offsetHeight ?? 0) > 0)}
        className="flex w-full items-center gap-2 text-left"
      >
        <Dot tone="bad" />
        <h2 className="truncate text-l font-semibold">{short(shown.title)}</h2>
        <span className="num whitespace-nowrap text-s text-ink-3">
          since {formatClock(shown.since)}
          {shown.until ? ` until ${formatClock(shown.until)}` : ''}
        </span>
        <span className="flex-1" />
        {shown.confidence === null ? null : (
          <span className="num text-xs text-ink-3">{formatUnit(shown.confidence, 'ratio')} sure</span>
        )}
      </button>
      {folded ? null : (
        <div ref={body} className={folded === null ? '@max-[760px]:hidden' : undefined}>
          <EvidenceList evidence={evidence} names={names} short={short} {...actions} />
          {shown.advice ? <Advice finding={shown} names={names} short={short} /> : null}
        </div>
      )}
      {others.length > 0 ? <Others findings={others} short={short} onOpen={setOpenId} /> : null}
    </section>
  );
}

function NoFinding({ window, silent }: { readonly window: StatsWindow; readonly silent: boolean }) {
  if (silent)
    return (
      <p className="pointer-events-auto flex items-center gap-2 rounded-m border border-line bg-surface px-3 py-2 text-s text-ink-2 shadow-pop">
        <Dot tone="off" />
        No verdict: nothing is heard of this engine
      </p>
    );
  return (
    <p className="pointer-events-auto flex items-center gap-2 rounded-m border border-line bg-surface px-3 py-2 text-s text-ink-2 shadow-pop">
      <Dot tone="ok" />
      No bottleneck in the last 60 s
      {window === '10s' ? null : <span className="text-ink-3">· figures over {window}</span>}
    </p>
  );
}

const LINES_AT_FIRST = 5;

/** The first lines, and whatever leads to batches or charts; the rest on demand. */
function firstLines(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.filter(
    (line, index) => index < LINES_AT_FIRST || evidenceTarget(line.link)?.kind === 'path',
  );
}

/** The same line with other figures is the same line. */
function lineKey(line: Evidence): string {
  return `${line.link} ${line.text.replace(/[\d.]+/g, '#')}`;
}

function EvidenceList(
  props: {
    readonly evidence: readonly Evidence[];
    readonly names: readonly string[];
    readonly short: Short;
  } & Actions,
) {
  const { evidence, ...rest } = props;
  const [all, setAll] = useState(false);
  const shown = all ? evidence : firstLines(evidence);
  return (
    <>
      <ol className="mt-2 flex flex-col gap-1 text-s">
        {shown.map((line, index) => (
          <EvidenceLine key={lineKey(line)} evidence={line} index={index} {...rest} />
        ))}
      </ol>
      {shown.length < evidence.length ? (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="mt-1 pl-[22px] text-s text-ink-3 hover:text-ink"
        >
          {evidence.length - shown.length} more
        </button>
      ) : null}
    </>
  );
}

function EvidenceLine(
  props: {
    readonly evidence: Evidence;
    readonly index: number;
    readonly names: readonly string[];
    readonly short: Short;
  } & Actions,
) {
  const { evidence, index, names, short } = props;
  const target = evidenceTarget(evidence.link);
  const hover = (on: boolean) => {
    if (target?.kind === 'node') setHover({ node: on ? target.id : null });
    if (target?.kind === 'edge') setHover({ edge: on ? target.id : null });
  };
  return (
    <li
      className="grid grid-cols-[14px_1fr_auto] items-baseline gap-2 rounded-s hover:bg-free/40"
      onPointerEnter={() => hover(true)}
      onPointerLeave={() => hover(false)}
    >
      <span className="num text-ink-3">{index + 1}</span>
      <span className="text-ink-2">
        <Sentence text={short(evidence.text)} names={names} />
        {evidence.value === null || /\d/.test(evidence.text) ? null : (
          <>
            {' '}
            <b className="num font-medium text-ink">{formatUnit(evidence.value, evidence.unit)}</b>
          </>
        )}
      </span>
      {target ? <TargetLink target={target} {...props} /> : <span />}
    </li>
  );
}

const LINK = 'num whitespace-nowrap text-accent hover:underline';

function TargetLink({ target, onSelectNode, onSelectEdge }: Actions & { readonly target: EvidenceTarget }) {
  const hrefFor = usePageHref();
  if (target.kind === 'path') {
    return (
      <Link href={hrefFor(target.href)} className={cx(LINK, target.name === 'action' && '!text-control')}>
        {target.name}
      </Link>
    );
  }
  const select = target.kind === 'node' ? onSelectNode : onSelectEdge;
  return (
    <button type="button" className={LINK} onClick={() => select(target.id)}>
      {target.kind}
    </button>
  );
}

function Advice(props: {
  readonly finding: Finding;
  readonly names: readonly string[];
  readonly short: Short;
}) {
  const { finding, names, short } = props;
  const hrefFor = usePageHref();
  return (
    <p className="mt-2.5 border-t border-line pt-2.5 text-s text-ink-2">
      <Sentence text={short(finding.advice ?? '')} names={names} />{' '}
      {finding.remedy ? <ApplyRemedy remedy={finding.remedy} why={finding.advice ?? ''} /> : null}{' '}
      {finding.node ? (
        <Link
          href={hrefFor(`/control?target=${encodeURIComponent(finding.node)}`)}
          className="whitespace-nowrap text-accent hover:underline"
        >
          Change {short(finding.node)} …
        </Link>
      ) : null}
    </p>
  );
}

function Sentence({ text, names }: { readonly text: string; readonly names: readonly string[] }) {
  let at = 0;
  return namesIn(text, names).map((part) => {
    const key = at;
    at += part.text.length;
    return part.name ? (
      <b key={key} className="font-semibold text-ink">
        {part.text}
      </b>
    ) : (
      <span key={key}>{part.text}</span>
    );
  });
}

const MAX_OTHERS = 6;

function Others(props: {
  readonly findings: readonly Finding[];
  readonly short: Short;
  readonly onOpen: (id: string) => void;
}) {
  return (
    <ul className="mt-2.5 flex flex-col gap-0.5 border-t border-line pt-2 text-s" aria-label="Also">
      {props.findings.slice(0, MAX_OTHERS).map((finding) => (
        <li key={finding.id}>
          <button
            type="button"
            onClick={() => props.onOpen(finding.id)}
            className="flex w-full items-baseline gap-2 text-left text-ink-2 hover:text-ink"
          >
            <Dot tone="warn" className="self-center" />
            <span className="min-w-0 flex-1 truncate">{props.short(finding.title)}</span>
            <span className="num text-ink-3">since {formatClock(finding.since)}</span>
          </button>
        </li>
      ))}
      {props.findings.length > MAX_OTHERS ? (
        <li className="text-ink-3">and {props.findings.length - MAX_OTHERS} more</li>
      ) : null}
    </ul>
  );
}

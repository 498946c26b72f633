import { describe, expect, it } from 'vitest';
import { topologyOf } from '@/lib/topology/map.testing';
import { createTopologyModel } from '@/lib/topology/topology-model';
import { actionContext, followedAction, isRestarting } from './actions';
import { candidatesOf, createDiagnosis } from './diagnosis';
import { picture } from './picture.testing';
import { changeFindings, configFindings } from './setup';

const found = (text: string) => candidatesOf(picture(text));
const said = (text: string) =>
  found(text).map(({ kind, place }) => `${kind} ${'node' in place ? place.node : place.edge}`);

describe('misrouting', () => {
  const router = (figures: string) => `
    gen > r      0/64
    r:a > x      0/64
    r:b > y      0/64
    r            in=100 out=100 ${figures}
    x            in=50
    y            in=50
  `;

  it('is a signal at a port that it never took', () => {
    expect(said(router('logs_a=50 traces_a=3 was_logs_a=500 was_traces_b=500'))).toEqual(['misrouted r']);
  });

  it('is a share that chance does not explain', () => {
    expect(said(router('logs_a=20 logs_b=80 was_logs_a=500 was_logs_b=500'))).toEqual(['misrouted r']);
    expect(said(router('logs_a=44 logs_b=56 was_logs_a=500 was_logs_b=500'))).toEqual([]);
  });

  it('is not another mix of signals, each by its own port as ever', () => {
    expect(said(router('logs_a=5 traces_b=95 was_logs_a=500 was_traces_b=500'))).toEqual([]);
  });
});

describe('stateful delay', () => {
  const batch = (figures: string) => said(`gen > b 0/64\nb > exp 0/64\nb in=100 ${figures}`);

  it('is time held well beyond what was usual', () => {
    expect(batch('held=1500ms wasHeld=300ms')).toEqual(['stateful_delay b']);
    expect(batch('held=400ms wasHeld=300ms')).toEqual([]);
  });

  it('is read from flushes where nothing else is told', () => {
    expect(batch('flush=1500ms wasFlush=300ms wasIn=100')).toEqual(['stateful_delay b']);
  });
});

describe('batches that vanish', () => {
  const node = (figures: string) => said(`gen > p 0/64\np > exp 0/64\np in=100 size=10 ${figures}`);

  it('are more than ever were in a node’s hands', () => {
    expect(node('open=4 wasOpen=1')).toEqual(['drop p']);
    expect(node('open=2 wasOpen=1')).toEqual([]);
  });

  it('show in the least that is open, as soon as its hands rarely hold as many', () => {
    // 10 batches a second of 2 ms: 0.02 in hand on the mean.
    expect(node('away=1 wasAway=0 handled=50 mean=2ms was=2ms')).toEqual(['drop p']);
    // Of 60 ms: 0.6 in hand, and one more may well be at every look.
    expect(node('away=1 wasAway=0 handled=50 mean=60ms was=60ms')).toEqual([]);
    expect(node('away=3 wasAway=0 handled=50 mean=60ms was=60ms')).toEqual(['drop p']);
    expect(node('away=1 wasAway=1 handled=50 mean=2ms was=2ms')).toEqual([]);
  });

  it('are left to the engine’s own count where it has one', () => {
    expect(node('open=4 wasOpen=1 busy=20%')).toEqual([]);
  });
});

describe('a channel that was cut', () => {
  it('is the bottleneck itself, with the capacity that it had as advice', () => {
    const [finding] = found(`
      gen       busy=5% blocked=30% in=200 out=200
      gen > exp 2/2 full=80% sent=20 took=20 waits=60% wasPlaces=64
      exp       busy=50% blocked=0%
    `);
    expect(finding).toMatchObject({
      kind: 'bottleneck',
      place: { kind: 'edge', edge: 'gen:default>exp' },
      title: 'Bottleneck: the channel gen → exp',
      remedy: { what: 'capacity', target: 'pdata:exp', value: 64 },
    });
  });

  it('is named over a past of crests in which senders waited too, if its consumer has time to spare', () => {
    const cut = (figures: string) =>
      said(`
        gen       busy=5% blocked=20% in=200 out=200
        gen > exp 1/2 full=11% sent=20 took=20 waits=20% wasWaits=30% wasPlaces=64
        exp       ${figures}
      `);
    expect(cut('busy=50% blocked=0%')).toEqual(['bottleneck gen:default>exp']);
    expect(cut('busy=90% blocked=0%')).toEqual([]);
    expect(cut('busy=50% blocked=40%')).toEqual([]);
  });
});

describe('a surge and what it presses upon', () => {
  it('comes before the bottleneck that follows from it, and the advice counts what the source sends', () => {
    const [surge, bottleneck] = found(`
      gen       blocked=50% in=500 wasIn=200 peakIn=240
      gen > exp 64/64 full=100% sent=25 took=25 waits=90%
      exp       busy=99% blocked=0% mean=40ms was=40ms batches=25 wasBatches=20 in=250 wasIn=200
    `);
    expect(surge?.kind).toBe('source_surge');
    expect(bottleneck?.kind).toBe('bottleneck');
    // 20/s × 500/200 = 50/s × 0.04 s ÷ 0.75 = 2.67
    expect(bottleneck?.advice).toContain(
      'at least 3 (now 1): 50/s batches offered at the source × 40 ms ÷ 0.75',
    );
  });
});

describe('a larger channel', () => {
  it('is told as time bought', () => {
    const [finding] = found(`
      gen       blocked=50% in=200
      gen > exp 60/60 full=100% sent=20 took=20 waits=90%
      exp       busy=99% blocked=0% mean=50ms was=10ms batches=20 wasBatches=40
    `);
    // 60 places more, 40 − 20 batches a second too many: three seconds.
    expect(finding?.advice).toContain('A channel twice as large (120) buys 3.0 s and cures nothing.');
  });
});

describe('configuration', () => {
  it('smells of what is not used, of a limiter behind others, and of a queue switched off', () => {
    const model = createTopologyModel();
    const declared = topologyOf('recv > batch\nbatch > limiter\nlimiter > exp\nspare > spare2');
    const nodes = declared.nodes
      .filter(({ id }) => id !== 'spare2')
      .map((node) =>
        node.id === 'limiter'
          ? { ...node, nodeKind: 'processor' as const, type: 'memory_limiter' }
          : node.id === 'batch'
            ? { ...node, nodeKind: 'processor' as const }
            : node.id === 'exp'
              ? { ...node, nodeKind: 'exporter' as const, config: { sending_queue: { enabled: false } } }
              : node,
      );
    const edges = declared.edges.filter(({ from }) => from !== 'spare');
    model.apply([{ ...declared, nodes, edges, unused: ['otlp/old'] }], 1n);
    const version = model.current;
    expect(version && configFindings(version).map(({ title }) => title)).toEqual([
      'spare is configured and not used',
      'otlp/old is configured and not used',
      'limiter is not first in its pipeline',
      'exp has no sending queue',
    ]);
  });
});

describe('actions', () => {
  const T0 = 1_700_000_000;
  const act = (action: string, target: string, at: number, origin = 'operator') => ({
    id: `${action} ${target}`,
    action,
    target,
    origin,
    outcome: 'applied',
    timeNano: BigInt(T0 + at) * 1_000_000_000n,
  });

  it('are followed by what begins on the same node or its channel soon after, and by nothing else', () => {
    const context = actionContext(
      [act('config_update', 'pdata:exp', 10), act('config_update', 'other', 12)],
      [],
    );
    expect(followedAction(context, 'exp', T0 + 14, 1)?.target).toBe('pdata:exp');
    expect(followedAction(context, 'exp', T0 + 60, 1)).toBeNull();
    expect(followedAction(context, 'exp', T0 + 2, 1)).toBeNull();
    expect(followedAction(context, 'third', T0 + 14, 1)).toBeNull();
  });

  it('excuse the jumps of a restart that an operator ordered, or of a new incarnation, for a while', () => {
    expect(isRestarting(actionContext([act('restart', 'exp', 10)], []), T0 + 20)).toBe(true);
    expect(isRestarting(actionContext([act('restart', 'exp', 10, 'engine')], []), T0 + 20)).toBe(false);
    expect(isRestarting(actionContext([], [BigInt(T0) * 1_000_000_000n]), T0 + 5)).toBe(true);
    expect(isRestarting(actionContext([act('restart', 'exp', 10)], []), T0 + 200)).toBe(false);
  });

  it('that were followed by a change are said after everything that is wrong, for a minute', () => {
    const model = createTopologyModel();
    model.apply([topologyOf('recv > exp')], 1n);
    const change = {
      action: 'config_update',
      target: 'exp',
      at: T0,
      texts: ['p99 88 ms before, 300 ms after'],
    };
    const at = (second: number) =>
      model.current ? changeFindings([change], model.current, T0 + second) : [];
    expect(at(10).map(({ kind, title }) => [kind, title])).toEqual([
      ['changed_after_control', 'exp is different after config_update of exp'],
    ]);
    expect(at(90)).toEqual([]);
    const diagnosis = createDiagnosis();
    const view = (second: number) => picture('gen > exp 0/64\nexp in=100 lost=2', T0 + second);
    for (let second = 0; second < 8; second++) diagnosis.judge(view(second), undefined, at(second));
    expect(diagnosis.open.map(({ kind }) => kind)).toEqual(['loss', 'changed_after_control']);
  });
});

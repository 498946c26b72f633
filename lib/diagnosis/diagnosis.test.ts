import { describe, expect, it } from 'vitest';
import { candidatesOf, createDiagnosis } from './diagnosis';
import { picture } from './picture.testing';

const said = (text: string) =>
  candidatesOf(picture(text)).map(
    ({ kind, place }) => `${kind} ${'node' in place ? place.node : place.edge}`,
  );

const BOTTLENECK = `
  gen           busy=5%  blocked=70% in=200
  gen > batch   64/64 full=100% sent=20 took=20 waits=90%
  batch         busy=10% blocked=85% in=200
  batch > exp   64/64 full=99% sent=20 took=20 waits=95%
  exp           busy=99% blocked=0% mean=50ms was=10ms batches=20 wasBatches=40 in=200
`;

const HEALTHY = `
  gen           busy=5%  blocked=0% in=200 wasIn=190 peakIn=230
  gen > batch   1/64 sent=20 took=20 waits=0%
  batch         busy=10% blocked=0% in=200 mean=1ms was=1ms
  batch > slow  9/64 full=22% sent=10 took=10 waits=1% depths=2,5,9,4,1,0,3,7,9,12,8,3,1,0,2,6,9,5
  batch > fast  0/64 sent=10 took=10 waits=0%
  slow          busy=70% blocked=0% in=100 mean=60ms was=58ms spread=3 failing=1% wasFailing=1% errors=1%
  fast          busy=2%  blocked=0% in=100 mean=1ms was=1ms failing=0%
`;

describe('diagnosis of one moment', () => {
  it('says nothing of a healthy pipeline whose queue breathes and whose exporter errs a little', () => {
    expect(said(HEALTHY)).toEqual([]);
  });

  it('walks down from blocked nodes to the first that is busy and not blocked', () => {
    expect(said(BOTTLENECK)).toEqual(['bottleneck exp']);
  });

  it('tells the chain, and how many workers would carry what was offered before', () => {
    const [finding] = candidatesOf(picture(BOTTLENECK));
    // 40 batches/s × 0.05 s ÷ 0.75 = 2.67
    expect(finding?.advice).toContain(
      'Concurrency of exp at least 3 (now 1): 40/s batches offered before it began × 50 ms ÷ 0.75',
    );
    expect(finding?.evidence.map((line) => line.link)).toEqual([
      'node:exp',
      'edge:batch:default>exp',
      'edge:gen:default>batch',
      'node:gen',
      'node:batch',
      'node:exp',
    ]);
  });

  it('follows the full branch of a fan-out and leaves the one with room alone', () => {
    expect(
      said(`
        gen         busy=5%  blocked=50%
        gen > fan   32/32 sent=10 took=10 waits=80%
        fan         busy=5%  blocked=80%
        fan:a > fast   0/32 sent=10 took=10 waits=0%
        fan:b > slow  32/32 sent=10 took=10 waits=90%
        fast        busy=3%  blocked=0%
        slow        busy=97% blocked=0%
      `),
    ).toEqual(['bottleneck slow']);
  });

  it('names the consumer of a shared channel once, whoever sends into it', () => {
    expect(
      said(`
        a          busy=5% blocked=60%
        b          busy=5% blocked=40%
        a > shared 64/64 sent=30 took=40 waits=70%
        b > shared 64/64 sent=10 took=40 waits=70%
        shared     busy=98% blocked=0%
        shared > exp 1/64 sent=40 took=40 waits=0%
        exp        busy=20% blocked=0%
      `),
    ).toEqual(['bottleneck shared']);
  });

  it('looks through a node that only waits for an outcome to what it waits for', () => {
    expect(
      said(`
        gen         busy=1% blocked=60%
        gen > retry 64/64 sent=5 took=5 waits=90%
        retry       busy=1% blocked=0%
        retry > exp 1/64 sent=5 took=5 waits=0%
        exp         busy=99% blocked=0%
      `),
    ).toEqual(['bottleneck exp']);
  });

  it('takes a full channel for blocking where an engine does not tell that it blocks', () => {
    expect(
      said(`
        recv > batch 40/40 took=10
        batch > exp  40/40 took=10
        exp          mean=900ms
      `),
    ).toEqual(['bottleneck exp']);
  });

  it('calls it a stall when nothing is taken although something waits', () => {
    expect(
      said(`
        gen       busy=1% blocked=99%
        gen > exp 64/64 sent=0 took=0 waits=0%
        exp       busy=100% blocked=0% handled=0 quiet=2 was=5ms
      `),
    ).toEqual(['stall exp']);
  });

  it('does not call a slow worker stalled that is used to take long', () => {
    expect(
      said(`
        gen       busy=1% blocked=99%
        gen > exp 64/64 sent=0 took=0
        exp       busy=100% blocked=0% handled=0 quiet=5 was=9000ms
      `),
    ).toEqual(['bottleneck exp']);
  });

  it('names the node in which errors begin, not those that pass them on', () => {
    expect(
      said(`
        gen         busy=5% blocked=0% errors=20% failing=0%
        gen > attr  0/64 sent=20 took=20
        attr        busy=5% failing=20% errors=20%
        attr > exp  0/64 sent=16 took=16
        exp         busy=5% failing=0%
      `),
    ).toEqual(['error_burst attr']);
  });

  it('calls it the destination’s failing at an exporter, against its own past', () => {
    const exporter = (figures: string) => said(`gen > exp 0/64 sent=20 took=20\nexp busy=5% ${figures}`);
    expect(exporter('failing=40%')).toEqual(['failing_destination exp']);
    expect(exporter('failing=6% wasFailing=5%')).toEqual([]);
    expect(exporter('failing=40% handled=2')).toEqual([]);
  });

  it('takes a few more failures than usual for chance, until they are too many for it', () => {
    const failing = (share: string) => `
      gen > exp 1/64 sent=8 took=8 waits=0%
      exp       busy=5% handled=40 wasFailing=3% failing=${share}
    `;
    expect(said(failing('9%'))).toEqual([]);
    expect(said(failing('30%'))).toEqual(['failing_destination exp']);
  });

  it('takes the first failure for news where one only computes, and for chance where one sends', () => {
    const failing = (node: 'attr' | 'exp') =>
      said(`
        gen > attr  0/64 sent=20 took=20
        attr        busy=5% in=200 handled=20 ${node === 'attr' ? 'failing=5%' : 'failing=0%'}
        attr > exp  0/64 sent=20 took=20
        exp         busy=5% in=200 handled=20 ${node === 'exp' ? 'failing=5%' : 'failing=0%'}
      `);
    expect(failing('attr')).toEqual(['error_burst attr']);
    expect(failing('exp')).toEqual([]);
  });

  it('tells lost items from those that a filter takes out, and a jump of the latter', () => {
    const filter = (figures: string) => said(`gen > f 0/64\nf > exp 0/64\nf in=100 ${figures}`);
    expect(filter('lost=3')).toEqual(['drop f']);
    expect(filter('reduced=40 wasReduced=38%')).toEqual([]);
    expect(filter('reduced=90 wasReduced=38%')).toEqual(['drop f']);
    expect(said('gen > exp 0/64\nexp in=100 lost=2')).toEqual(['loss exp']);
  });

  it('sees slower before it limits, and a queue that will be full', () => {
    expect(said('gen > exp 0/64\nexp busy=40% mean=30ms was=10ms spread=1')).toEqual([
      'slow_destination exp',
    ]);
    expect(said('gen > p 0/64\np > e 0/64\np busy=40% mean=30ms was=10ms spread=1')).toEqual(['slower p']);
    expect(said('gen > p 0/64\np > e 0/64\np busy=40% mean=30ms was=20ms spread=6')).toEqual([]);
    expect(
      said('gen > exp 30/64 took=5 depths=2,3,5,6,8,9,11,12,14,15,17,19,20,22,24,26,28,30\nexp busy=80%'),
    ).toEqual(['queue_filling gen:default>exp']);
  });

  it('calls a surge a surge', () => {
    expect(said('gen > exp 0/64\ngen in=500 wasIn=200 peakIn=240')).toEqual(['source_surge gen']);
    expect(said('gen > exp 0/64\ngen in=500 wasIn=200 peakIn=480')).toEqual([]);
  });

  it('does not repeat a cause as its consequences', () => {
    const kinds = said(`
      gen         busy=5% blocked=60% in=200
      gen > p     30/64 full=90% sent=20 took=20 waits=60% depths=2,3,5,6,8,9,11,12,14,15,17,19,20,22,24,26,28,30
      p           busy=99% blocked=0% mean=40ms was=10ms spread=1
      p > exp     0/64 sent=20 took=20 waits=0%
    `);
    expect(kinds).toEqual(['bottleneck p']);
  });

  it('puts two faults in order of their harm', () => {
    expect(
      said(`${BOTTLENECK}
        other busy=1%
        other > sink 0/64 sent=1 took=1
        sink busy=1% failing=50% in=900
      `),
    ).toEqual(['failing_destination sink', 'bottleneck exp']);
  });
});

describe('findings over time', () => {
  const T0 = 1_700_000_000;
  const run = (seconds: readonly string[]) => {
    const diagnosis = createDiagnosis();
    const verdicts = seconds.map((text, i) => diagnosis.judge(picture(text, T0 + i))[0]);
    return { diagnosis, verdicts };
  };
  const times = (n: number, text: string) => Array.from({ length: n }, () => text);

  it('opens after a few seconds, keeps its first moment, and clears after a few more', () => {
    const { diagnosis, verdicts } = run([
      ...times(5, HEALTHY),
      ...times(20, BOTTLENECK),
      ...times(12, HEALTHY),
    ]);
    expect(verdicts.findIndex((one) => one !== undefined)).toBe(7);
    expect(new Set(verdicts.flatMap((one) => (one ? [one.since] : [])))).toEqual(
      new Set([`${T0 + 5}000000000`]),
    );
    expect(verdicts.at(-1)).toBeUndefined();
    const [past] = diagnosis.timeline(BigInt(T0) * 10n ** 9n, BigInt(T0 + 99) * 10n ** 9n);
    expect(past).toMatchObject({
      kind: 'bottleneck',
      node: 'exp',
      until: `${T0 + 24}000000000`,
      confidence: null,
    });
  });

  it('keeps silent of what a full queue turns away while a restart lasts, and speaks when it goes on', () => {
    const diagnosis = createDiagnosis();
    const context = { restartedAt: T0, actions: [] };
    const overflow = 'gen > exp 60/64 sent=20 took=20\nexp busy=5% in=200 lost=30 overflow=30';
    const kinds = (second: number) =>
      diagnosis.judge(picture(overflow, T0 + second), context).map(({ kind }) => kind);
    expect(kinds(5)).toEqual([]);
    expect(kinds(40)).toContain('loss');
    const other = createDiagnosis().judge(picture(overflow.replace('overflow=30', ''), T0 + 5), context);
    expect(other.map(({ kind }) => kind)).toContain('loss');
  });

  it('tells at a moment of the past what came first then', () => {
    const both = `${BOTTLENECK}
      other busy=1%
      other > sink 0/64 sent=1 took=1
      sink busy=1% failing=50% in=900`;
    const { diagnosis, verdicts } = run([...times(8, BOTTLENECK), ...times(8, both), ...times(40, HEALTHY)]);
    const first = (second: number) => diagnosis.at(BigInt(T0 + second) * 10n ** 9n)[0]?.id;
    for (const second of [3, 7, 9, 12]) expect(first(second)).toBe(verdicts[second]?.id);
    expect(first(55)).toBeUndefined();
  });

  it('does not flap when the figures do', () => {
    const flapping = Array.from({ length: 60 }, (_, i) => (i % 4 === 3 ? HEALTHY : BOTTLENECK));
    const { verdicts } = run(flapping);
    expect(verdicts.slice(4).every((one) => one?.node === 'exp')).toBe(true);
    expect(new Set(verdicts.slice(4).map((one) => one?.id)).size).toBe(1);
  });

  it('does not open for a moment’s surge of a queue', () => {
    const blips = Array.from({ length: 60 }, (_, i) => (i % 10 === 0 ? BOTTLENECK : HEALTHY));
    expect(run(blips).verdicts.every((one) => one === undefined)).toBe(true);
  });

  it('keeps its moment under another name, and never says nothing in between', () => {
    const slow = 'gen > exp 0/64\nexp busy=40% mean=50ms was=10ms spread=1 in=200';
    const { verdicts } = run([...times(5, HEALTHY), ...times(6, slow), ...times(10, BOTTLENECK)]);
    expect(verdicts.slice(8).map((one) => one?.kind)).toEqual([
      ...times(3, 'slow_destination'),
      ...times(10, 'bottleneck'),
    ]);
    expect(new Set(verdicts.slice(8).map((one) => one?.since)).size).toBe(1);
  });

  it('does not call a bottleneck what works off the pile behind a stall', () => {
    const stall = `
      gen       busy=1% blocked=99%
      gen > exp 64/64 sent=0 took=0 waits=0%
      exp       busy=100% blocked=0% handled=0 quiet=3 was=10ms
    `;
    const after = (ms: number) => `
      gen       busy=1% blocked=99%
      gen > exp 64/64 sent=20 took=20 waits=90%
      exp       busy=100% blocked=0% mean=${ms}ms was=10ms
    `;
    const kinds = (ms: number) =>
      new Set(
        run([...times(4, stall), ...times(6, after(ms))])
          .verdicts.slice(4)
          .map((one) => one?.kind),
      );
    expect(kinds(10)).toEqual(new Set(['stall']));
    // Each of what came out since took long: it never stood still.
    expect(kinds(90).has('stall')).toBe(false);
  });

  it('leads to the last batches that came through what stands still', () => {
    const { verdicts } = run(times(3, 'gen > exp 64/64 took=0\nexp busy=100% handled=0 quiet=3 was=10ms'));
    expect(verdicts.at(-1)?.evidence.at(-1)?.link).toBe(`/traces?node=exp&from=${T0 - 15}000000000`);
  });

  it('leads from its evidence to the batches of the time', () => {
    const { verdicts } = run(times(4, BOTTLENECK));
    expect(verdicts.at(-1)?.evidence.at(-1)?.link).toBe(
      `/traces?node=exp&from=${T0 - 10}000000000&sort=-duration`,
    );
  });
});

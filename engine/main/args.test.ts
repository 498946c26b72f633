import { describe, expect, it } from 'vitest';
import { parseArgs } from './args';

describe('the command line', () => {
  it('runs the demo where no pipeline is named', () => {
    expect(parseArgs([])).toEqual({ ok: true, value: { pipeline: null, scenario: null } });
  });

  it('takes a pipeline, or a scenario of the demo', () => {
    expect(parseArgs(['a.yaml'])).toMatchObject({ ok: true, value: { pipeline: 'a.yaml' } });
    expect(parseArgs(['--scenario', 'stuck-batch'])).toMatchObject({
      ok: true,
      value: { pipeline: null, scenario: { name: 'stuck-batch' } },
    });
  });

  it.each([
    [['--scenario'], 'there are slow-exporter'],
    [['--scenario', 'flood'], 'no scenario "flood"'],
    [['--fast'], 'unknown option --fast'],
    [['a.yaml', 'b.yaml'], 'one pipeline at a time'],
    [['a.yaml', '--scenario', 'stuck-batch'], 'belong to the demo'],
  ])('refuses %j', (args, reason) => {
    const result = parseArgs(args);
    expect(result.ok ? '' : result.error).toContain(reason);
  });
});

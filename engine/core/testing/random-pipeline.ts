/** A random pipeline as text, from one seed: a chain of stages with branches that split and meet again. */
import type { Random } from '@/lib/base/random';

export interface RandomPipeline {
  readonly text: string;
  readonly receivers: readonly string[];
  /** Processors and exporters. */
  readonly workers: readonly string[];
}

const PASSING = ['pass', 'filter', 'merge', 'retry', 'watch'] as const;

export function randomPipeline(random: Random): RandomPipeline {
  const whole = (below: number) => Math.floor(random.next() * below);
  const pick = <T>(items: readonly T[]): T => items[whole(items.length)] as T;
  const lines: string[] = [];
  const workers: string[] = [];
  let count = 0;
  const worker = (type: string): string => {
    const id = `${type}${++count}`;
    workers.push(id);
    return `${id}(${[...optionsOf(type), `capacity=${1 + whole(6)}`, `concurrency=${1 + whole(3)}`].join(', ')})`;
  };
  const optionsOf = (type: string): string[] => {
    switch (type) {
      case 'pass':
        return [`delayMs=${pick([0, 0, 3, 20])}`, `tailMs=${pick([0, 0, 0, 7])}`];
      case 'filter':
        return [`every=${1 + whole(4)}`];
      case 'merge':
        return [`size=${pick([5, 20, 60])}`, `everyMs=${pick([50, 200])}`];
      case 'retry':
        return [`max=${1 + whole(3)}`, `backoffMs=${pick([0, 5, 40])}`];
      case 'split':
        return [`copy=${pick(['true', 'false'])}`, `primary=${pick(['true', 'false', 'false'])}`];
      case 'exp':
        return [
          `delayMs=${pick([0, 0, 5, 30])}`,
          `failEvery=${pick([0, 0, 2, 5])}`,
          `permanent=${pick(['true', 'false'])}`,
        ];
      default:
        return [];
    }
  };
  const id = (term: string) => term.replace(/\(.*$/, '');
  // Ends that still lead nowhere: a node, and the port that is free.
  const receivers = Array.from({ length: 1 + whole(2) }, (_, i) => `gen${i + 1}`);
  let ends: string[] = [...receivers];
  for (let stage = 0; stage < 2 + whole(4); stage++) {
    if (ends.length > 1 && whole(3) === 0) {
      const meeting = worker(pick(PASSING));
      for (const [i, end] of ends.entries()) lines.push(`${end} -> ${i === 0 ? meeting : id(meeting)}`);
      ends = [id(meeting)];
      continue;
    }
    ends = ends.flatMap((end) => {
      if (whole(4) > 0 || ends.length > 3) {
        const next = worker(pick(PASSING));
        lines.push(`${end} -> ${next}`);
        return [id(next)];
      }
      const next = worker(pick(['split', 'route']));
      lines.push(`${end} -> ${next}`);
      return ['a', 'b'].map((port) => `${id(next)}:${port}`);
    });
  }
  for (const end of ends) lines.push(`${end} -> ${worker('exp')}`);
  return { text: lines.join('\n'), receivers, workers };
}

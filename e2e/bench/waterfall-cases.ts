/**
 * The waterfall of a trace of 100,000 spans in a real browser: how long from the click until it can be used, and what
 * a frame of scrolling costs against the same page with 1,000 spans.
 */
import type { Page } from '@playwright/test';
import { createRandom } from '@/lib/base/random';
import type { BenchCase, BenchContext, BenchFigures } from '@/lib/bench/harness';
import { bootstrapMedian, median } from '@/lib/bench/statistics';
import { type WideTrace, wideTrace } from '../support/wide-trace';
import { type BenchPage, type BrowserBench, mainThreadMs, startBrowserBench } from './browser';

const LARGE = 100_000;
const SMALL = 1_000;
const STEP_PX = 300;
/** Rows over which a slice goes forth and back, the same number in both traces. */
const STRETCH_PX = 12_000;
const FRAMES_A_SLICE = 20;
const ROW = '[role="treegrid"] [role="row"][aria-level]';

async function send(bench: BrowserBench, trace: WideTrace): Promise<void> {
  for (const body of trace.requests) {
    const answer = await fetch(`${bench.product.agentUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  }
}

/** From the click on the batch in the list until its rows are drawn and a key selects one of them, milliseconds. */
async function clickToUse(bench: BrowserBench, trace: WideTrace): Promise<{ rows: number; key: number }> {
  const { page } = await bench.open(`/traces?q=${trace.batch}`);
  const link = page.getByRole('link', { name: new RegExp(trace.batch) }).first();
  await link.waitFor();
  await page.evaluate((rowSelector) => {
    const seen = { clicked: 0, drawn: 0 };
    Object.assign(window, { seen });
    addEventListener(
      'click',
      () => {
        seen.clicked = performance.now();
        const look = () => {
          const drawn = document.querySelectorAll(rowSelector).length > 10;
          if (drawn)
            requestAnimationFrame(() => setTimeout(() => Object.assign(seen, { drawn: performance.now() })));
          else requestAnimationFrame(look);
        };
        look();
      },
      { capture: true, once: true },
    );
  }, ROW);
  await link.click();
  await page.locator(ROW).nth(10).waitFor();
  const drawn = await page.waitForFunction(() => {
    const { seen } = window as unknown as { seen: { clicked: number; drawn: number } };
    return seen.drawn > 0 ? seen.drawn - seen.clicked : null;
  });
  const rows = Number(await drawn.jsonValue());
  const began = performance.now();
  await page.keyboard.press('j');
  await page.locator(`${ROW}[aria-selected="true"]`).first().waitFor();
  const key = performance.now() - began;
  await page.close();
  return { rows, key };
}

async function scrollSlice({ page, cdp }: BenchPage, fromPx: number): Promise<number> {
  await page.bringToFront();
  const before = await mainThreadMs(cdp);
  await page.evaluate(
    async ({ from, step, stretch, frames }) => {
      const grid = document.querySelector('[role="treegrid"]');
      if (!grid) throw new Error('no rows to scroll');
      for (let i = 0; i < frames; i++) {
        const at = (i * step) % (2 * stretch);
        grid.scrollTop = from + (at < stretch ? at : 2 * stretch - at);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    { from: fromPx, step: STEP_PX, stretch: STRETCH_PX, frames: FRAMES_A_SLICE },
  );
  return ((await mainThreadMs(cdp)) - before) / FRAMES_A_SLICE;
}

async function openTrace(bench: BrowserBench, trace: WideTrace): Promise<BenchPage> {
  const opened = await bench.open(`/traces/${trace.traceId}?alike=all`);
  await opened.page.locator(ROW).nth(10).waitFor();
  // Both pages have all rows of the stretch before anything is measured.
  for (let round = 0; round < 6; round++) await scrollSlice(opened, 6_000);
  return opened;
}

interface Smoothness {
  readonly longest: number;
  readonly over50: number;
  readonly domNodes: number;
}

/** Scrolls through fresh rows and zooms to a microsecond and back; how long the main thread was held at most. */
async function smoothness({ page }: BenchPage): Promise<Smoothness> {
  await page.bringToFront();
  return page.evaluate(async () => {
    const grid = document.querySelector('[role="treegrid"]');
    if (!grid) throw new Error('no rows to scroll');
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration);
    });
    observer.observe({ type: 'longtask' });
    let domNodes = 0;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const box = grid.getBoundingClientRect();
    for (let i = 0; i < 240; i++) {
      grid.scrollTop += (grid.scrollHeight - grid.clientHeight) / 240;
      await frame();
      domNodes = Math.max(domNodes, document.querySelectorAll('*').length);
    }
    for (let i = 0; i < 160; i++) {
      const options = { deltaY: i < 80 ? -240 : 240, ctrlKey: true, bubbles: true, cancelable: true };
      const at = { clientX: box.left + box.width * 0.7, clientY: box.top + 200 };
      grid.dispatchEvent(new WheelEvent('wheel', { ...options, ...at }));
      await frame();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    observer.disconnect();
    return { longest: Math.max(0, ...tasks), over50: tasks.length, domNodes };
  });
}

async function totalsOf(page: Page): Promise<number> {
  const tab = await page.getByRole('tab', { name: /This trace/ }).innerText();
  return Number(tab.replace(/\D/g, ''));
}

async function openingFigures({ quick }: BenchContext): Promise<BenchFigures> {
  const bench = await startBrowserBench();
  try {
    const now = Date.now();
    const rounds = quick ? 2 : 12;
    const small = wideTrace(1, SMALL, now - 60_000);
    const large = Array.from({ length: 3 }, (_, i) => wideTrace(10 + i, LARGE, now - 120_000));
    for (const trace of [small, ...large]) await send(bench, trace);
    await clickToUse(bench, small);
    // Three traces of which two are kept analysed: each is opened as if for the first time.
    const cold: number[] = [];
    const floor: number[] = [];
    const keys: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const trace = large[round % large.length];
      if (!trace) continue;
      const opened = await clickToUse(bench, trace);
      cold.push(opened.rows);
      keys.push(opened.key);
      floor.push((await clickToUse(bench, small)).rows);
    }
    return {
      median: median(cold),
      ci: bootstrapMedian(cold, createRandom(1)),
      peer: null,
      floor: median(floor),
      aa: null,
      samples: cold.length,
      detail: { all: cold.map(Math.round), first: Math.round(cold[0] ?? 0), keyMs: Math.round(median(keys)) },
    };
  } finally {
    await bench.close();
  }
}

async function frameFigures({ quick, seed }: BenchContext): Promise<BenchFigures> {
  const bench = await startBrowserBench();
  try {
    const now = Date.now();
    const traces = { small: wideTrace(1, SMALL, now - 60_000), large: wideTrace(10, LARGE, now - 60_000) };
    await send(bench, traces.small);
    await send(bench, traces.large);
    const small = await openTrace(bench, traces.small);
    const again = await openTrace(bench, traces.small);
    const large = await openTrace(bench, traces.large);
    const pairs: [number, number][] = [];
    const control: number[] = [];
    for (let i = 0; i < (quick ? 3 : 40); i++) {
      const a1 = await scrollSlice(large, 6_000);
      const b1 = await scrollSlice(small, 6_000);
      const c1 = await scrollSlice(again, 6_000);
      const c2 = await scrollSlice(again, 6_000);
      const b2 = await scrollSlice(small, 6_000);
      const a2 = await scrollSlice(large, 6_000);
      pairs.push([(a1 + a2) / 2, (b1 + b2) / 2]);
      control.push((b1 + b2) / (c1 + c2));
    }
    const ratios = pairs.map(([a, b]) => a / b);
    return {
      median: median(ratios),
      ci: bootstrapMedian(ratios, createRandom(seed)),
      peer: null,
      floor: 1,
      aa: median(control),
      samples: pairs.length,
      detail: {
        frameMs: [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))],
        large: await smoothness(large),
        small: await smoothness(small),
        totals: await totalsOf(large.page),
      },
      pairs,
    };
  } finally {
    await bench.close();
  }
}

export const cases: readonly BenchCase[] = [
  { name: 'waterfall-100k', unit: 'ms', run: openingFigures },
  { name: 'frame-100k-over-1k', unit: 'ratio', run: frameFigures },
];

/** Ways into a trace page and out of it, and pages that change while they are looked at. */
import { setTracing } from './support/api';
import { FULL, mergedTrace } from './support/demo-traces';
import { expect, test } from './support/test';
import { wideTrace } from './support/wide-trace';

test('a link followed leads to its span, and the way back to where it was followed', async ({
  product,
  page,
}) => {
  await setTracing(product, FULL);
  const traceId = await mergedTrace(product);
  await page.goto(`${product.url}/traces/${traceId}`);
  const selected = page.getByRole('row', { selected: true });
  const batch = page.getByRole('row', { name: /^batch, / });
  await batch.click();
  await expect(selected).toHaveAccessibleName(/^batch, /);
  await batch.getByRole('button', { name: 'Go to the merge in another trace' }).click();
  // The contributor's page, its absorbed span open and in view.
  await expect(page).not.toHaveURL(new RegExp(`/traces/${traceId}`));
  await expect(selected).toHaveAccessibleName(/^batch, /);
  await expect(selected).toBeInViewport();
  await expect(selected.getByText(/^absorbed · \d+ items?$/)).toBeVisible();
  await page.getByRole('link', { name: 'Back to where the link was followed' }).click();
  await expect(page).toHaveURL(new RegExp(`/traces/${traceId}`));
  await expect(selected).toBeInViewport();
  await expect(page.getByRole('link', { name: 'Back to where the link was followed' })).toHaveCount(0);
});

test('a link to an event opens its span with the event marked, and picking another changes the link', async ({
  product,
  page,
}) => {
  await setTracing(product, FULL);
  const traceId = await mergedTrace(product);
  const { spans } = await product.get<{
    spans: { spanId: string; nodeId: string; events: { name: string; timeUnixNano: string }[] }[];
  }>(`/api/v1/traces/${traceId}`);
  const span = spans.find((each) => each.nodeId === 'copy');
  const [first, last] = [span?.events[0], span?.events.at(-1)];
  await page.goto(`${product.url}/traces/${traceId}?span=${span?.spanId}&event=${last?.timeUnixNano}`);
  const marked = page.locator('li[aria-current="true"]').last();
  await expect(marked).toContainText(last?.name ?? 'no event');
  await expect(page.getByRole('row', { selected: true })).toHaveAccessibleName(/^copy, /);
  await page.getByRole('complementary').getByTitle('Mark this event').first().click();
  await expect(page).toHaveURL(new RegExp(`event=${first?.timeUnixNano}`));
});

test('a trace that still runs grows on the page, and has its root when that comes', async ({
  product,
  page,
}) => {
  const [whole] = wideTrace(91, 30, Date.now()).requests;
  const body = JSON.parse(whole ?? '') as {
    resourceSpans: { scopeSpans: { spans: { parentSpanId?: string }[] }[] }[];
  };
  const scope = body.resourceSpans[0]?.scopeSpans[0];
  const spans = scope?.spans ?? [];
  const send = async (part: typeof spans) => {
    if (scope) scope.spans = part;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${product.agentUrl}/v1/traces`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
  };
  await send(spans.slice(1, 10));
  const { traceId } = wideTrace(91, 1, Date.now());
  await page.goto(`${product.url}/traces/${traceId}?alike=all`);
  await expect(page.getByRole('tab', { name: 'This trace 9' })).toBeVisible();
  await expect(page.getByText('running', { exact: true })).toBeVisible();
  await send([...spans.slice(0, 1), ...spans.slice(10)]);
  await expect(page.getByRole('tab', { name: 'This trace 30' })).toBeVisible();
  await expect(page.getByText('running', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '30');
  await expect(page.getByRole('row', { name: /^recv, / })).toBeVisible();
});

test('the control lane of a large trace is whole, and tells its marks apart where one looks closer', async ({
  product,
  page,
}) => {
  const trace = wideTrace(92, 6_000, Date.now() - 60_000);
  for (const text of trace.requests) {
    const body = text.replaceAll('"name":"port_selected"', '"name":"control/ack"');
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${product.agentUrl}/v1/traces`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  }
  const acks = trace.requests.reduce((sum, text) => sum + text.split('"port_selected"').length - 1, 0);
  await page.goto(`${product.url}/traces/${trace.traceId}`);
  const grid = page.getByRole('treegrid');
  await grid
    .getByRole('button', { name: `control · 0 shown, ${acks.toLocaleString('en-US')} folded` })
    .click();
  await page
    .getByRole('menuitemcheckbox', { name: new RegExp(`ack ${acks.toLocaleString('en-US')}`) })
    .click();
  await page.keyboard.press('Escape');
  await expect(grid.getByRole('button', { name: /^ack ×\d+/ }).first()).toBeVisible();
  await page.goto(`${product.url}/traces/${trace.traceId}?z=5~6`);
  await grid.getByRole('button', { name: /^control · / }).click();
  await page.getByRole('menuitemcheckbox', { name: /ack / }).click();
  await page.keyboard.press('Escape');
  await expect(grid.getByRole('button', { name: 'ack', exact: true }).first()).toBeVisible();
});

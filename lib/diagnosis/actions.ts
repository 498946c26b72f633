/** Operators' actions as diagnosis sees them: what they explain, and what followed them. */

export interface ActionSeen {
  readonly id: string;
  readonly timeNano: bigint;
  readonly action: string;
  /** A node, a channel or `pipeline`. */
  readonly target: string;
  readonly origin: string;
  readonly outcome: string;
}

/** What stops and starts something: figures jump after it, and nobody needs to be told why. */
const RESTART_SECONDS = 25;
/**
 * An incident that begins this long after an action on its own node, and a report, is said to have followed it: what a
 * change does, it does at once.
 */
const FOLLOWS_SECONDS = 5;
/** Clocks of engine and server, and the second in which figures were gathered. */
const SLACK_SECONDS = 1;

export interface ActionContext {
  /** Unix seconds of the last restart that an operator ordered, or of a new incarnation; −∞ where none was. */
  readonly restartedAt: number;
  readonly actions: readonly (ActionSeen & { readonly at: number })[];
}

export function actionContext(actions: readonly ActionSeen[], restarts: readonly bigint[]): ActionContext {
  const timed = actions
    .filter(({ origin, outcome }) => origin === 'operator' && outcome !== 'failed')
    .map((action) => ({ ...action, at: Number(action.timeNano / 1_000_000n) / 1_000 }));
  const moments = [
    ...timed.filter(({ action }) => action === 'restart').map(({ at }) => at),
    ...restarts.map((nano) => Number(nano / 1_000_000n) / 1_000),
  ];
  return { restartedAt: Math.max(Number.NEGATIVE_INFINITY, ...moments), actions: timed };
}

export function isRestarting({ restartedAt }: ActionContext, at: number): boolean {
  return at >= restartedAt - SLACK_SECONDS && at < restartedAt + RESTART_SECONDS;
}

/** The last action on the node itself, or on the channel into it, shortly before `since`. */
export function followedAction(
  { actions }: ActionContext,
  node: string,
  since: number,
  reportSeconds: number,
): ActionContext['actions'][number] | null {
  const near = actions
    .filter(({ target }) => target.replace(/^(pdata|control):/, '') === node)
    .filter(({ at }) => at <= since + SLACK_SECONDS && at >= since - FOLLOWS_SECONDS - reportSeconds)
    .sort((a, b) => b.at - a.at);
  return near[0] ?? null;
}

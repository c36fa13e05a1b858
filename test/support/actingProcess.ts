/**
 * A process that carries out one action and kills itself (SIGKILL) at a checkpoint. Bundled by the tests that use it.
 * Argument: JSON of `Orders`. Prints the result as JSON when it lives to the end.
 */
import type { Checkpoint } from '../../server/src/app/api.ts';
import { openProject } from '../../server/src/app/openProject.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { dieAtCall } from './dieAtCall.ts';
import { keyUnlock } from './tempProject.ts';

export interface Orders {
  readonly root: string;
  readonly stateHome: string;
  readonly unlockKey: string;
  readonly identity: IdentityId;
  readonly act:
    | { readonly verb: WritingVerb }
    | { readonly resume: 'forward' | 'undo'; readonly planId: string }
    | { readonly abandon: string };
  readonly killAt: {
    readonly at: Checkpoint['at'];
    readonly n?: number;
    /** Not there, but at this many changing calls to the file system later. */
    readonly calls?: number;
  } | null;
  /** Stays at the checkpoint in place of dying: another process can look meanwhile. */
  readonly stay?: boolean;
}

const orders: Orders = JSON.parse(process.argv[2] ?? '');
const signal = new AbortController().signal;
const project = await openProject({
  root: orders.root,
  trusted: true,
  unlock: keyUnlock(orders.unlockKey),
  stateHome: orders.stateHome,
  actor: 'acting process',
});
const observer = {
  async reached(point: Checkpoint) {
    const { killAt } = orders;
    if (killAt === null || point.at !== killAt.at) return;
    if ('step' in point && killAt.n !== undefined && point.step.n !== killAt.n) return;
    if (killAt.calls !== undefined) return dieAtCall(killAt.calls);
    if (orders.stay) {
      console.log('staying');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      process.stdin.destroy();
      return;
    }
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
};
if ('verb' in orders.act) {
  const plan = await project.actions.plan({ verb: orders.act.verb, identity: orders.identity }, signal);
  const result =
    'refused' in plan
      ? plan
      : await project.actions.execute(
          plan.id,
          plan.hash,
          { confirmed: true, typed: plan.confirmation.name },
          observer,
          signal,
        );
  console.log(JSON.stringify(result));
} else if ('abandon' in orders.act) {
  const confirmation = { confirmed: true, typed: orders.identity.name };
  console.log(
    JSON.stringify(
      await project.actions.abandon(orders.act.abandon, confirmation, undefined, signal, observer),
    ),
  );
} else {
  console.log(
    JSON.stringify(await project.actions.resume(orders.act.planId, orders.act.resume, observer, signal)),
  );
}
await project.close();

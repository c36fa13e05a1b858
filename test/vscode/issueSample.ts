import { isRefusal } from '../../server/src/app/failure.ts';
import { openProject } from '../../server/src/app/openProject.ts';
import { parseIdentity } from '../../server/src/core/identity/identityId.ts';
import { Secret } from '../../server/src/core/secret.ts';
import type { SampleFolder } from './sampleFolder.ts';

const DAY = 86_400_000;

/** Issues one identity of the samples as the command line would, with a passphrase, some days ago. */
export async function issueSample(
  { workspace, environment }: SampleFolder,
  name: string,
  passphrase: string,
  daysAgo = 0,
): Promise<void> {
  const identity = parseIdentity(name);
  const stateHome = environment['IDAC_STATE_HOME'];
  if (identity === undefined || stateHome === undefined) throw new Error(`${name} cannot be issued`);
  const project = await openProject({
    root: workspace,
    trusted: true,
    unlock: { how: 'passphrase', passphrase: new Secret(passphrase) },
    clock: { now: () => new Date(Date.now() - daysAgo * DAY) },
    stateHome,
    actor: 'A Person',
  });
  const { signal } = new AbortController();
  try {
    const plan = await project.actions.plan({ verb: 'issue', identity }, signal);
    if (isRefusal(plan)) throw new Error(`${plan.what} ${plan.hint}`);
    const result = await project.actions.execute(plan.id, plan.hash, { confirmed: true }, {}, signal);
    if (isRefusal(result)) throw new Error(`${result.what} ${result.hint}`);
    if (result.state !== 'done') throw new Error(`${name}: ${result.state}. ${result.next}`);
  } finally {
    await project.close();
  }
}

import { heldIn } from '../../core/found/held.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { type CredentialFacts, NO_END } from '../../core/lifecycle/event.ts';
import { nounOf } from '../../core/lifecycle/kindTraits.ts';
import type { ActionSubject, Refusal } from '../../core/lifecycle/plan.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import { concerns } from '../../core/lifecycle/planning/oneMachine.ts';
import type { Generation } from '../../core/lifecycle/record.ts';
import { currentGeneration, isLive, reduceRecord } from '../../core/lifecycle/record.ts';
import { formatInstant } from '../../core/text/instant.ts';
import type { PresentedFile, VerifyCheck, VerifyReport } from '../api.ts';
import { declarationIn, identityIn } from '../declarations.ts';
import { describeFailure } from '../failure.ts';
import type { Workspace } from '../workspace.ts';
import { issuerOf } from './issuers/issuers.ts';
import { refuseObserved } from './refuseObserved.ts';
import type { Services } from './services.ts';
import { targetOf } from './steps/deliver.ts';
import { lockedText, standsThere } from './steps/deliverable.ts';
import { checkPublic } from './steps/publicCheck.ts';
import { checkSvid } from './svidCheck.ts';

/** A check that cannot be made is `unknown` with the reason, and does not end the others. */
async function told(what: string, check: () => Promise<VerifyCheck>): Promise<VerifyCheck> {
  try {
    return await check();
  } catch (error) {
    const { code, what: reason, hint } = describeFailure(error);
    return { what, outcome: 'unknown', detail: `${reason} ${hint}`.trim(), code };
  }
}

function dates(generation: Generation, now: Date): VerifyCheck {
  const { notBefore, notAfter } = generation.credential;
  const at = now.getTime();
  const what = 'dates';
  if (at < Date.parse(notBefore)) {
    const here = formatInstant(now.toISOString());
    const detail = `valid not before ${formatInstant(notBefore)}, and by the clock here it is ${here}: one of the clocks is wrong, which \`idac doctor\` tells`;
    return { what, outcome: 'failed', detail };
  }
  if (at >= Date.parse(notAfter))
    return { what, outcome: 'failed', detail: `expired ${formatInstant(notAfter)}: renew it` };
  const end = notAfter === NO_END ? 'without end' : `to ${formatInstant(notAfter)}`;
  return { what, outcome: 'ok', detail: `valid from ${formatInstant(notBefore)} ${end}` };
}

/** A file that it was adopted from is not ours: whoever renews it puts the next one there. */
async function stillIn(
  file: string,
  { fingerprintSha256 }: CredentialFacts,
  { files, hasher, clock }: Services,
): Promise<Pick<VerifyCheck, 'outcome' | 'detail'>> {
  const found = await files.read(file);
  if (found === undefined) return { outcome: 'failed', detail: 'nothing is there any more' };
  const held = heldIn(found.bytes.reveal(), hasher, clock.now());
  return held.some(({ facts }) => facts.fingerprintSha256 === fingerprintSha256)
    ? { outcome: 'ok', detail: 'holds this credential' }
    : { outcome: 'failed', detail: 'holds something else by now: adopt that' };
}

/** What was recorded, against what the authority says, what stands at the targets and what the endpoints serve. */
async function checksOf(
  generation: Generation,
  endpoints: readonly string[],
  inUse: ReadonlyMap<string, string | null>,
  services: Services,
  signal: AbortSignal,
): Promise<readonly VerifyCheck[]> {
  const { credential, issued, copies } = generation;
  const { kind } = issued.identity;
  const checks = [dates(generation, services.clock.now())];
  const { backend } = issued;
  // Of what was adopted nobody here may know the authority.
  if (backend !== null) {
    const status = `status at ${backend}`;
    checks.push(
      await told(status, async () => {
        const issuer = await issuerOf(services, backend, kind, signal);
        const answer = await issuer.status(credential.serialNumber, signal);
        const outcome = answer.status === 'good' ? 'ok' : answer.status === 'revoked' ? 'failed' : 'unknown';
        const detail =
          answer.status === 'revoked'
            ? `revoked ${formatInstant(answer.at)} (${answer.reason})`
            : answer.status === 'good'
              ? 'good'
              : answer.why;
        return { what: status, outcome, detail };
      }),
    );
  }
  const proven = checkPublic(kind, issued.publicText, null, services);
  if (proven !== undefined) checks.push(proven);
  if (issued.type === 'adopted') {
    for (const file of issued.files) {
      const what = `found in ${file}`;
      checks.push(await told(what, async () => ({ what, ...(await stillIn(file, credential, services)) })));
    }
  }
  for (const copy of copies) {
    const what = `delivered to ${copy.path}`;
    checks.push(
      await told(what, async () => {
        const target = await targetOf(services, copy, signal);
        const state = await target.read(copy.path, signal);
        const locked = lockedText(copy, state);
        const same =
          locked === undefined &&
          (state?.version === copy.version || standsThere(copy, issued, state, services.hasher));
        const detail = same
          ? 'holds this credential'
          : state === undefined
            ? `nothing is there any more: rotate to deliver it again`
            : (locked ?? 'holds something else than what was delivered');
        return { what, outcome: same ? 'ok' : 'failed', detail };
      }),
    );
  }
  for (const endpoint of endpoints) {
    for (const { address, certificateSha256, problem } of await services.probe(endpoint, signal)) {
      const same = certificateSha256 === credential.fingerprintSha256;
      const bearer = inUse.get(certificateSha256 ?? '');
      const served = same ? 'this certificate' : `the certificate of machine ${bearer}`;
      checks.push({
        what: `served by ${endpoint} (${address})`,
        outcome: bearer !== undefined ? 'ok' : certificateSha256 === null ? 'unknown' : 'failed',
        detail: bearer !== undefined ? `serves ${served}` : (problem ?? 'serves another certificate'),
      });
    }
  }
  return checks;
}

/** The file that the manifest of a Workload names. A file that is not there is one that nothing was presented in. */
async function declaredSvid(
  identity: IdentityId,
  workspace: Workspace,
  { files }: Services,
): Promise<PresentedFile | undefined> {
  const resource = identityIn(workspace.index(), identity);
  if (resource?.kind !== 'Workload' || !resource.usable || resource.spec.svid === undefined) return undefined;
  const file = await files.read(resource.spec.svid);
  return file === undefined ? undefined : { name: resource.spec.svid, bytes: file.bytes };
}

/** Read-only: compares record, authority, targets and endpoints for every machine that it is about. */
export async function verifyIdentity(
  subject: ActionSubject,
  given: PresentedFile | undefined,
  workspace: Workspace,
  services: Services,
  signal: AbortSignal,
): Promise<VerifyReport | Refusal> {
  const { identity, machine: only } = subject;
  const observed = refuseObserved(identity, workspace.index());
  if (observed !== undefined) return observed;
  const declaration = declarationIn(workspace.index(), identity);
  const record = reduceRecord((await services.store.read(identity, signal)).events);
  const bearers = new Set(record.generations.map((generation) => generation.machine));
  // Several machines may stand behind one endpoint, each with its own certificate.
  const inUse = new Map(
    [...record.live.values()]
      .flat()
      .map((generation) => [generation.credential.fingerprintSha256, generation.machine]),
  );
  if (given !== undefined && identity.kind !== 'Workload') {
    return refusal(
      identity,
      'no-workload',
      `${formatSubject(subject)} is no Workload, so no SVID proves it.`,
      'Leave --svid out, or name the Workload.',
    );
  }
  const svid = given ?? (await declaredSvid(identity, workspace, services));
  const machines: VerifyReport['machines'][number][] = [];
  // A key shared on purpose is on each of its machines; to look at it is not to act on the others.
  const isShared = only !== undefined && declaration?.machines.includes(only);
  for (const machine of bearers) {
    if (!concerns(subject, machine) && !(machine === null && isShared)) continue;
    const generation = currentGeneration(record, machine);
    if (generation === undefined || (!isLive(generation) && generation.keyDestroyed)) continue;
    const checks = [
      ...(await checksOf(generation, declaration?.endpoints ?? [], inUse, services, signal)),
      ...(svid === undefined
        ? []
        : [await told(`SVID in ${svid.name}`, () => checkSvid(generation, svid, services, signal))]),
    ];
    machines.push({ machine, credential: generation.credential, checks });
  }
  if (machines.length === 0) {
    return refusal(
      identity,
      'not-issued',
      `${formatSubject(subject)} has no ${nounOf(identity.kind)} to verify.`,
      'Issue it first.',
    );
  }
  return {
    identity,
    ok: machines.every(({ checks }) => checks.every((check) => check.outcome === 'ok')),
    machines,
  };
}

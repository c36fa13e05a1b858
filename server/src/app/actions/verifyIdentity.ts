import { heldIn } from '../../core/found/held.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import type { Declaration } from '../../core/lifecycle/declaration.ts';
import { type CredentialFacts, NO_END } from '../../core/lifecycle/event.ts';
import { nounOf } from '../../core/lifecycle/kindTraits.ts';
import type { ActionSubject, Refusal } from '../../core/lifecycle/plan.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import { concerns } from '../../core/lifecycle/planning/oneMachine.ts';
import type { Generation, IdentityRecord } from '../../core/lifecycle/record.ts';
import { currentGeneration, isLive, reduceRecord } from '../../core/lifecycle/record.ts';
import type { IdentityResource } from '../../core/manifest/resource.ts';
import { formatInstant } from '../../core/text/instant.ts';
import { splitEndpoint } from '../../platform/probe/probeEndpoint.ts';
import type { PresentedFile, VerifyCheck, VerifyReport } from '../api.ts';
import { declarationIn, identityIn } from '../declarations.ts';
import { describeFailure } from '../failure.ts';
import { type OutsideOptions, openOutsideSources } from '../status/openOutsideSources.ts';
import type { StatusSources } from '../status/sources.ts';
import type { Workspace } from '../workspace.ts';
import { declaredChecks, placeAt, servedCheck, servedPathCheck } from './certificateChecks.ts';
import { issuerOf } from './issuers/issuers.ts';
import { refuseObserved } from './refuseObserved.ts';
import { revocationChecks } from './revocationCheck.ts';
import type { Services } from './services.ts';
import { targetOf } from './steps/deliver.ts';
import { lockedText, standsThere } from './steps/deliverable.ts';
import { checkPublic } from './steps/publicCheck.ts';
import { checkSvid } from './svidCheck.ts';
import { type TrustedHere, trustedHere } from './trustedHere.ts';

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

interface Declared {
  readonly declaration: Declaration | undefined;
  readonly resource: IdentityResource | undefined;
  /** Of a Certificate that is looked at from outside: with endpoints, or where places that it names are asked. */
  readonly trusted: TrustedHere | undefined;
  readonly sources: StatusSources | undefined;
}

/** What was recorded, against what is declared, what the authority says, what stands at the targets and what endpoints serve. */
async function checksOf(
  generation: Generation,
  { declaration, resource, trusted, sources }: Declared,
  record: IdentityRecord,
  services: Services,
  signal: AbortSignal,
): Promise<readonly VerifyCheck[]> {
  const { credential, issued, copies } = generation;
  const { kind } = issued.identity;
  const checks = [dates(generation, services.clock.now())];
  if (kind === 'Certificate' && declaration !== undefined && resource !== undefined)
    checks.push(...declaredChecks(generation, declaration, resource, services));
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
  if (trusted !== undefined && sources !== undefined)
    checks.push(...(await revocationChecks(generation, trusted, sources, services, signal)));
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
  // Several machines may stand behind one endpoint, each with its own certificate.
  const live = [...record.live.values()].flat();
  for (const [at, endpoint] of (declaration?.endpoints ?? []).entries()) {
    const place = placeAt(resource, ['spec', 'endpoints', at]);
    for (const answer of await services.probe(endpoint, signal)) {
      const bearer = live.find((each) => each.credential.fingerprintSha256 === answer.certificateSha256);
      checks.push(
        bearer === undefined || bearer.machine === generation.machine
          ? servedCheck(answer, generation, record.generations, place)
          : {
              what: `served by ${endpoint} (${answer.address})`,
              outcome: 'ok',
              detail: `serves the certificate of machine ${bearer.machine}`,
              ...place,
            },
      );
      const path = trusted && servedPathCheck(answer, splitEndpoint(endpoint).host, trusted, services, place);
      if (path !== undefined) checks.push(path);
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
  outside: OutsideOptions | undefined,
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
  const resource = identityIn(workspace.index(), identity);
  const isSeen = outside !== undefined || (declaration?.endpoints ?? []).length > 0;
  const sources = outside && openOutsideSources(outside, services.clock.now());
  const trusted =
    identity.kind === 'Certificate' && isSeen
      ? await trustedHere(identity, workspace, services, signal)
      : undefined;
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
      ...(await checksOf(generation, { declaration, resource, trusted, sources }, record, services, signal)),
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

import { toHex } from '../../../core/credential/octets.ts';
import {
  parseSpiffeId,
  spiffeIdProblem,
  trustDomainProblem,
} from '../../../core/credential/spiffe/spiffeId.ts';
import { idProblem } from '../../../core/credential/spiffe/x509Svid.ts';
import { formatIdentity, sameIdentity } from '../../../core/identity/identityId.ts';
import { NO_END } from '../../../core/lifecycle/event.ts';
import { isHostName } from '../../../core/schema/formats/hostName.ts';
import type { BackendContext, RegistrationRequest } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { WorkloadSettings } from '../configuration.ts';
import { type Entries, newEntryId } from '../entries.ts';
import { BY_SPIFFE_ID, type RegistrationEntry, standingFor } from './ledger.ts';

export interface RegistryParts {
  readonly context: BackendContext;
  readonly settings: WorkloadSettings;
  readonly ledger: Entries<RegistrationEntry>;
}

const MOST = 100;
const LONGEST_TEXT = 1024;

/** The registry's own node: what attests a workload that names no parent. */
function ownNode({ trustDomain }: WorkloadSettings): string {
  return `spiffe://${trustDomain}/idac/node`;
}

/**
 * Enters a registration. A request id that was answered before gets the same one again; one that asks for something else,
 * or for what stands under another identity, is a conflict.
 */
export async function register(
  request: RegistrationRequest,
  parts: RegistryParts,
  signal: AbortSignal,
): Promise<RegistrationEntry> {
  const { context, settings, ledger } = parts;
  const parentId = request.parentId ?? ownNode(settings);
  check(request, parentId, settings);
  const requestDigest = digestOf(request, parentId, context);

  const answered = async (): Promise<RegistrationEntry | undefined> => {
    const entry = await ledger.byRequest(request.requestId);
    if (entry !== undefined && entry.requestDigest !== requestDigest) throw otherRequest(request.requestId);
    return entry;
  };

  const before = await answered();
  if (before !== undefined) return before;
  return context.state.locked(
    'workloads',
    async () => {
      const meanwhile = await answered();
      if (meanwhile !== undefined) return meanwhile;
      const { requestId, identity, machine, spiffeId, dnsNames, federatesWith } = request;
      const { x509SvidTtlSeconds, jwtSvidTtlSeconds } = request;
      const selectors = [...request.selectors].sort();
      const same = (await standingFor(ledger, spiffeId)).find(
        (entry) =>
          entry.parentId === parentId &&
          !sameIdentity(entry.identity, identity) &&
          request.replaces?.includes(entry.serialNumber) !== true &&
          JSON.stringify(entry.selectors) === JSON.stringify(selectors),
      );
      if (same !== undefined) throw taken(same);
      const entry: RegistrationEntry = {
        serialNumber: newEntryId(context.random),
        requestId,
        requestDigest,
        identity,
        ...(machine === undefined ? {} : { machine }),
        issuedAt: context.clock.now().toISOString(),
        notAfter: NO_END,
        spiffeId,
        parentId,
        selectors,
        dnsNames,
        x509SvidTtlSeconds,
        jwtSvidTtlSeconds,
        federatesWith,
      };
      signal.throwIfAborted();
      await ledger.add(entry, { [BY_SPIFFE_ID]: spiffeId });
      return entry;
    },
    signal,
  );
}

function check(request: RegistrationRequest, parentId: string, settings: WorkloadSettings): void {
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what, hint });
  const { requestId, spiffeId, selectors, dnsNames, federatesWith } = request;
  const { x509SvidTtlSeconds, jwtSvidTtlSeconds } = request;
  if (requestId === '') throw refuse('the request has no id', 'this is a defect: please report it');
  const wrongId = idProblem(spiffeId, settings.trustDomain);
  if (wrongId !== undefined)
    throw refuse(
      `the workload cannot be registered: ${wrongId}`,
      `declare a spec.spiffeId such as spiffe://${settings.trustDomain}/payments/api, or another spec.workloads.trustDomain in the Backend manifest`,
    );
  const parent = spiffeIdProblem(parentId);
  if (parent !== undefined || parseSpiffeId(parentId)?.trustDomain !== settings.trustDomain)
    throw refuse(
      `the parent of ${spiffeId} is none of this trust domain${parent === undefined ? '' : `: ${parent}`}`,
      `name a Workload whose SPIFFE ID is in ${settings.trustDomain}, or leave spec.parent out`,
    );
  if (spiffeId === parentId || spiffeId === ownNode(settings))
    throw refuse(`${spiffeId} would attest itself`, 'name another Workload as parent, or another SPIFFE ID');
  if (selectors.length === 0 || selectors.length > MOST || new Set(selectors).size !== selectors.length)
    throw refuse(
      `a registration has 1 to ${MOST} different selectors`,
      'declare what the workload is known by, such as k8s:ns:payments',
    );
  const selector = selectors.find((each) => !isSelector(each));
  if (selector !== undefined)
    throw refuse(
      `"${selector.slice(0, 100).replace(/\p{Cc}/gu, '?')}" is no selector`,
      'write type:value, such as unix:uid:1001',
    );
  const name = dnsNames.find((each) => !isHostName(each, { wildcard: false }));
  if (name !== undefined || dnsNames.length > MOST)
    throw refuse(
      name === undefined ? `there are more than ${MOST} DNS names` : `"${name.slice(0, 260)}" is no DNS name`,
      'correct spec.dnsNames',
    );
  const domain = federatesWith.find((each) => trustDomainProblem(each) !== undefined);
  if (domain !== undefined || federatesWith.length > MOST)
    throw refuse(
      domain === undefined
        ? `there are more than ${MOST} trust domains to federate with`
        : `"${domain.slice(0, 260)}" is no trust domain: ${trustDomainProblem(domain)}`,
      'correct spec.federatesWith',
    );
  if (![x509SvidTtlSeconds, jwtSvidTtlSeconds].every((ttl) => Number.isSafeInteger(ttl) && ttl >= 1))
    throw refuse(
      'an SVID lives for a whole number of seconds',
      'correct spec.x509SvidTtl or spec.jwtSvidTtl',
    );
}

/** The type up to the first colon, then what its attestor makes of the rest. */
function isSelector(text: string): boolean {
  const colon = text.indexOf(':');
  return (
    text.length <= LONGEST_TEXT &&
    /^[A-Za-z0-9_.-]+$/.test(text.slice(0, Math.max(colon, 0))) &&
    colon < text.length - 1 &&
    !/\p{Cc}/u.test(text)
  );
}

function digestOf(request: RegistrationRequest, parentId: string, { hasher }: BackendContext): string {
  const { identity, machine, spiffeId, selectors, dnsNames, federatesWith } = request;
  const { x509SvidTtlSeconds, jwtSvidTtlSeconds } = request;
  const text = JSON.stringify([
    [identity.apiVersion, identity.kind, identity.namespace, identity.name, machine ?? null],
    [spiffeId, parentId, [...selectors].sort(), dnsNames, x509SvidTtlSeconds, jwtSvidTtlSeconds],
    federatesWith,
  ]);
  return toHex(hasher.hash('sha256', new TextEncoder().encode(text)));
}

function otherRequest(requestId: string): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `the request ${requestId} was answered before, for another registration`,
    hint: 'undo the action (`idac resume --undo`) and plan it again',
  });
}

function taken({ spiffeId, identity }: RegistrationEntry): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `${spiffeId} with the same parent and selectors is registered already, for ${formatIdentity(identity)}`,
    hint: 'revoke that registration first, or declare other selectors',
  });
}

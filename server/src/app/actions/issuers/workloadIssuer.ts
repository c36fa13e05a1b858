import type { Backend, Registration } from '../../../backends/contract.ts';
import { encodeUtf8 } from '../../../core/credential/charset.ts';
import { toHex } from '../../../core/credential/octets.ts';
import type { CredentialFacts } from '../../../core/lifecycle/event.ts';
import { canonicalJson } from '../../../core/text/canonicalJson.ts';
import type { Services } from '../services.ts';
import { type CredentialIssuer, driven, type MadeCredential, offered, requestBase } from './issuer.ts';
import { requestOf } from './taskRequest.ts';

/** Registrations: what a workload must look like to be given a SPIFFE ID. Its SVIDs are minted where it runs. */
export function workloadIssuer({ workloads }: Backend, { hasher }: Services): CredentialIssuer | undefined {
  if (workloads === undefined) return undefined;
  const factsOf = (entry: Registration): CredentialFacts => {
    const { serialNumber, spiffeId, parentId, selectors, issuedAt, notAfter } = entry;
    const registered = canonicalJson({ serialNumber, spiffeId, parentId, selectors });
    return {
      serialNumber,
      subject: spiffeId,
      issuer: `spiffe://${workloads.trustDomain}`,
      notBefore: issuedAt,
      notAfter,
      fingerprintSha256: toHex(hasher.hash('sha256', encodeUtf8(registered))),
    };
  };
  const madeOf = (entry: Registration): MadeCredential => ({
    facts: factsOf(entry),
    publicText: '',
    anchorText: null,
    secret: null,
  });
  return {
    ...driven(workloads, (entry) => ({ facts: factsOf(entry), companions: [] })),
    facts: offered(workloads, { kinds: ['Workload'], keyAlgorithms: [], usages: [] }),
    async make(task, context, signal) {
      const { kind: _kind, parentId, ...request } = requestOf(task, 'Workload');
      const outcome = await workloads.issue(
        {
          ...requestBase(task, context),
          ...request,
          ...(parentId === null ? {} : { parentId }),
          replaces: context.view.action.tasks.flatMap((other) =>
            other.verb === 'revoke' ? [other.serialNumber] : [],
          ),
        },
        signal,
      );
      return outcome.state === 'pending' ? outcome : { state: 'issued', made: madeOf(outcome.made) };
    },
    async made(task, signal) {
      const entry = await workloads.find({ requestId: task.requestId }, signal);
      return entry === undefined ? undefined : madeOf(entry);
    },
  };
}

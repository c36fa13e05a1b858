import type { BackendContext, CertificateAuthority, Registration, WorkloadRegistry } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { WorkloadSettings } from '../configuration.ts';
import { acting, looking } from '../guard.ts';
import { writePublic } from '../publicFile.ts';
import { checkReason, OFFERED_REASONS } from '../revocationReasons.ts';
import type { LocalTokenIssuer } from '../tokens/tokenIssuer.ts';
import { bundleText } from './bundle.ts';
import { openRegistrations, type RegistrationEntry, registrationFacts } from './ledger.ts';
import { register } from './registration.ts';
import { verifySvid } from './verification.ts';

/**
 * Who may call himself what in one trust domain. An X.509-SVID of it is a certificate of this backend's authority with
 * one SPIFFE URI, a JWT-SVID a JWT of its token issuer whose subject is the SPIFFE ID.
 */
export function localWorkloadRegistry(
  context: BackendContext,
  settings: WorkloadSettings,
  authority: CertificateAuthority,
  tokens: LocalTokenIssuer,
): WorkloadRegistry {
  const ledger = openRegistrations(context);
  const parts = { context, settings, authority, tokens, ledger };

  const factsOf = async (entry: RegistrationEntry): Promise<Registration> =>
    registrationFacts(entry, await ledger.revocationOf(entry.serialNumber));

  const entryOf = (serialNumber: string): Promise<RegistrationEntry | undefined> =>
    ledger.bySerialNumber(serialNumber.toLowerCase());

  const { bundle } = settings.publish;
  return {
    trustDomain: settings.trustDomain,
    revocationReasons: OFFERED_REASONS,
    // A registration stands until somebody ends it.
    maximumDurationSeconds: Number.MAX_SAFE_INTEGER,
    issue: acting('register the workload', async (request, signal) => ({
      state: 'issued',
      made: await factsOf(await register(request, parts, signal)),
    })),
    find: looking('look up the registration', async (query) => {
      // A registration has no key.
      if ('spkiSha256' in query) return undefined;
      const entry =
        'requestId' in query ? await ledger.byRequest(query.requestId) : await entryOf(query.serialNumber);
      return entry === undefined ? undefined : factsOf(entry);
    }),
    issuedFor: looking('list the registrations', async (identity) => {
      const entries: Registration[] = [];
      for (const entry of await ledger.byIdentity(identity)) entries.push(await factsOf(entry));
      return entries;
    }),
    revoke: acting('end the registration', async (serialNumber, reason, signal) => {
      checkReason(reason);
      const entry = await entryOf(serialNumber);
      if (entry === undefined) throw unknownRegistration(context.name, serialNumber);
      return ledger.revoke(entry.serialNumber, reason, signal);
    }),
    status: looking('tell the status', async (serialNumber) => {
      const entry = await entryOf(serialNumber);
      if (entry === undefined)
        return { status: 'unknown', why: `${context.name} made no registration with that id` };
      const revocation = await ledger.revocationOf(entry.serialNumber);
      return revocation === undefined ? { status: 'good' } : { status: 'revoked', ...revocation };
    }),
    verifySvid: looking('verify the SVID', (svid, signal) => verifySvid(svid, parts, signal)),
    bundle: looking('give the trust bundle', (signal) => bundleText(parts, signal)),
    ...(bundle === undefined
      ? {}
      : {
          publish: acting('publish the trust bundle', (signal) =>
            context.state.locked(
              'workloads-publish',
              async () => {
                const text = await bundleText(parts, signal);
                await writePublic(context.files, bundle, new TextEncoder().encode(text));
                return [bundle];
              },
              signal,
            ),
          ),
        }),
  };
}

function unknownRegistration(name: string, serialNumber: string): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `${name} made no registration with the id ${serialNumber.slice(0, 80)}`,
    hint: 'check the id, and that the Backend names the store that made it (spec.store)',
  });
}

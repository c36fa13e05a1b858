import type { BackendContext, CertificateAuthority, WorkloadRegistry } from '../../contract.ts';
import { acting, looking } from '../../guard.ts';
import type { WorkloadSettings } from '../configuration.ts';
import { entryVerbs } from '../entryVerbs.ts';
import { writePublic } from '../publicFile.ts';
import type { LocalTokenIssuer } from '../tokens/tokenIssuer.ts';
import { bundleText } from './bundle.ts';
import { openRegistrations, registrationFacts } from './ledger.ts';
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
  const { bundle } = settings.publish;
  return {
    ...entryVerbs(ledger, registrationFacts, {
      noun: 'registration',
      unknown: `${context.name} knows no registration with`,
      calledBy: 'id',
    }),
    trustDomain: settings.trustDomain,
    // A registration stands until somebody ends it.
    maximumDurationSeconds: Number.MAX_SAFE_INTEGER,
    issue: acting('register the workload', async (request, signal) => {
      const entry = await register(request, parts, signal);
      const revoked = await ledger.revocationOf(entry.serialNumber);
      return { state: 'issued', made: registrationFacts(entry, revoked) };
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

import { certificateFacts } from '../../../core/credential/certifiedKey.ts';
import { judgeJwtSvid } from '../../../core/credential/spiffe/jwtSvid.ts';
import { judgeX509Svid } from '../../../core/credential/spiffe/x509Svid.ts';
import { formatInstant } from '../../../core/text/instant.ts';
import { nodeSignatureVerifier } from '../../../platform/crypto/signatureVerifier.ts';
import type { PresentedSvid, SvidVerdict } from '../../contract.ts';
import type { Entries } from '../entries.ts';
import { type BundleSources, currentBundle } from './bundle.ts';
import { BY_SPIFFE_ID, type RegistrationEntry, standingFor } from './ledger.ts';

/** Issuer and registry are one here, and tokens start a little in the past: no clocks have to be allowed for. */
const LEEWAY_SECONDS = 0;

/**
 * Against the bundle (X509-SVID 5, JWT-SVID 4); then whether the certificate or token was revoked since, and whether
 * anybody may still call himself so.
 */
export async function verifySvid(
  svid: PresentedSvid,
  parts: BundleSources & { readonly ledger: Entries<RegistrationEntry> },
  signal: AbortSignal,
): Promise<SvidVerdict> {
  const bundle = await currentBundle(parts, signal);
  const { clock, hasher } = parts.context;
  const at = { now: clock.now(), verifier: nodeSignatureVerifier };
  const judged =
    svid.type === 'x509'
      ? judgeX509Svid(svid.chain, bundle, { ...at, hasher })
      : judgeJwtSvid(svid.token.reveal().trim(), svid.audience, bundle, {
          ...at,
          leewaySeconds: LEEWAY_SECONDS,
        });
  if (!judged.valid) return judged;
  const why =
    (await credentialProblem(svid, parts, signal)) ??
    (await registrationProblem(judged.spiffeId, parts.ledger));
  return why === undefined ? judged : { valid: false, spiffeId: judged.spiffeId, why };
}

/** What the issuer knows of it beside its signature. */
async function credentialProblem(
  svid: PresentedSvid,
  { context, authority, tokens }: BundleSources,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (svid.type === 'jwt') {
    const verdict = await tokens.issuer.check(svid.token, signal);
    return verdict.active ? undefined : verdict.why;
  }
  const [leaf] = svid.chain;
  const facts = leaf && certificateFacts(leaf, context.hasher);
  if (facts === undefined) return 'its serial number cannot be read';
  const status = await authority.status(facts.serialNumber, signal);
  switch (status.status) {
    case 'good':
      return undefined;
    case 'revoked':
      return `it was revoked at ${formatInstant(status.at)} (${status.reason})`;
    case 'unknown':
      return status.why;
  }
}

async function registrationProblem(
  spiffeId: string,
  ledger: Entries<RegistrationEntry>,
): Promise<string | undefined> {
  if ((await standingFor(ledger, spiffeId)).length > 0) return undefined;
  const former = (await ledger.byMark(BY_SPIFFE_ID, spiffeId)).at(-1);
  const ended = former && (await ledger.revocationOf(former.serialNumber));
  return ended === undefined
    ? 'no workload is registered under this SPIFFE ID'
    : `its registration was ended at ${formatInstant(ended.at)} (${ended.reason})`;
}

import { decodePem } from '../../core/credential/pem.ts';
import type { Generation } from '../../core/lifecycle/record.ts';
import { readPathCertificate } from '../../core/path/pathCertificate.ts';
import { formatInstant } from '../../core/text/instant.ts';
import type { VerifyCheck } from '../api.ts';
import { judgeOutside } from '../status/judgeOutside.ts';
import type { StatusSources } from '../status/sources.ts';
import type { Services } from './services.ts';
import type { TrustedHere } from './trustedHere.ts';

/** What the places say that the certificate and its authorities name, as whoever meets the certificate would ask them. */
export async function revocationChecks(
  { issued }: Generation,
  { anchors, known }: TrustedHere,
  sources: StatusSources,
  { clock, hasher, verifier }: Services,
  signal: AbortSignal,
): Promise<readonly VerifyCheck[]> {
  const [leaf, ...chain] = decodePem(issued.publicText).flatMap(
    ({ bytes }) => readPathCertificate(bytes).value ?? [],
  );
  if (leaf === undefined) return [];
  const { verdict, statuses, notes } = await judgeOutside(
    leaf,
    { anchors: anchors.map(({ certificate }) => certificate), intermediates: [...chain, ...known] },
    { now: clock.now(), hasher, verifier, profile: 'path', crls: [], answers: [] },
    sources,
    signal,
  );
  if (statuses.length === 0) {
    const why = verdict.verdict === 'valid' ? 'it is trusted itself' : verdict.reason.message;
    return [{ what: 'revocation', outcome: 'unknown', detail: [why, ...notes].join('; ') }];
  }
  return statuses.map(({ revocation, source, from, askedAt, isExcused }, at) => {
    const what = at === 0 ? 'revocation' : `revocation of ${verdict.path[at]?.subjectText}`;
    const by = `by ${source === 'ocsp' ? 'OCSP' : 'a list'}${from === null ? '' : ` from ${from}`}`;
    const when = askedAt === null ? '' : `, asked ${formatInstant(askedAt)}`;
    switch (revocation.status) {
      case 'good':
        return { what, outcome: 'ok', detail: `good ${by}${when}` };
      case 'revoked': {
        const because = revocation.reason === undefined ? '' : ` (${revocation.reason})`;
        const detail = `revoked ${formatInstant(revocation.at)}${because} ${by}${when}`;
        return { what, outcome: 'failed', detail, hint: 'rotate it, and have what uses it read the new one' };
      }
      case 'unknown':
        return { what, outcome: isExcused ? 'ok' : 'unknown', detail: revocation.why };
      default:
        return revocation satisfies never;
    }
  });
}

import type { PresentedSvid } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { decodeLatin1 } from '../../core/credential/charset.ts';
import { decodePem } from '../../core/credential/pem.ts';
import { NO_END } from '../../core/lifecycle/event.ts';
import type { Generation } from '../../core/lifecycle/record.ts';
import { Secret } from '../../core/secret.ts';
import { formatInstant } from '../../core/text/instant.ts';
import type { PresentedFile, VerifyCheck } from '../api.ts';
import type { Services } from './services.ts';

const MAX_SVID_BYTES = 256 * 1024;

/** Certificates as PEM (leaf first), or a JWT; undefined for anything else. */
function readSvid({ bytes, audience }: PresentedFile): PresentedSvid | undefined {
  if (bytes.reveal().length > MAX_SVID_BYTES) return undefined;
  const text = decodeLatin1(bytes.reveal());
  const chain = decodePem(text)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map((block) => block.bytes);
  if (chain.length > 0) return { type: 'x509', chain };
  return /^\s*[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(text)
    ? { type: 'jwt', token: new Secret(text.trim()), audience: audience ?? '' }
    : undefined;
}

/** Whether what a workload presented proves that it is the one that is registered. */
export async function checkSvid(
  { issued, credential }: Generation,
  presented: PresentedFile,
  services: Services,
  signal: AbortSignal,
): Promise<VerifyCheck> {
  const what = `SVID in ${presented.name}`;
  const svid = readSvid(presented);
  if (svid === undefined) {
    return { what, outcome: 'failed', detail: 'is neither a certificate (PEM) nor a JWT' };
  }
  if (svid.type === 'jwt' && svid.audience === '') {
    return {
      what,
      outcome: 'unknown',
      detail: `a JWT-SVID counts for its audience alone: idac verify … --svid ${presented.name} --audience NAME`,
    };
  }
  const { workloads } = issued.backend === null ? {} : await services.backends.open(issued.backend, signal);
  if (workloads === undefined) {
    throw new BackendError({
      kind: 'unsupported',
      what: `Backend ${issued.backend} is no workload registry.`,
      hint: 'Name a backend with the role WorkloadRegistry in spec.registry.',
    });
  }
  const verdict = await workloads.verifySvid(svid, signal);
  if (!verdict.valid) return { what, outcome: 'failed', detail: verdict.why };
  if (verdict.spiffeId !== credential.subject) {
    return { what, outcome: 'failed', detail: `it is valid, and of another workload: ${verdict.spiffeId}` };
  }
  const until = verdict.notAfter === NO_END ? 'without end' : `until ${formatInstant(verdict.notAfter)}`;
  return { what, outcome: 'ok', detail: `proves ${verdict.spiffeId} ${until}` };
}

import { buildLeaf } from '../../../core/credential/build/certificate.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { answeredOtherwise, checkCertificateRequest, requestDigestOf } from '../../certificateRequest.ts';
import type { BackendContext, CertificateRequest } from '../../contract.ts';
import { newSerialNumber, serialText } from '../../serialNumber.ts';
import type { AuthoritySettings } from '../configuration.ts';
import type { Hierarchy, IssuingAuthority } from './hierarchy.ts';
import type { Ledger, LedgerRecord } from './ledger.ts';
import { numbered } from './numbered.ts';
import { leafValidity } from './validity.ts';

/**
 * Signs a leaf and enters it into the ledger before it answers. A request id that was answered before gets the same
 * certificate again; with another key or other names it is a conflict.
 */
export async function issueCertificate(
  request: CertificateRequest,
  parts: {
    readonly context: BackendContext;
    readonly settings: AuthoritySettings;
    readonly hierarchy: Hierarchy;
    readonly ledger: Ledger;
  },
  signal: AbortSignal,
): Promise<LedgerRecord> {
  const { context, settings, hierarchy, ledger } = parts;
  const { hasher, clock, state } = context;
  const key = checkCertificateRequest(request);
  const spkiSha256 = toHex(hasher.hash('sha256', key.spki));
  const requestDigest = requestDigestOf(request, hasher);

  const answered = async (): Promise<LedgerRecord | undefined> => {
    const record = await ledger.byRequest(request.requestId);
    if (record === undefined) return undefined;
    if (record.spkiSha256 !== spkiSha256) throw answeredOtherwise(request.requestId, 'another key');
    if (record.requestDigest !== requestDigest)
      throw answeredOtherwise(request.requestId, 'other names or another validity');
    return record;
  };

  const before = await answered();
  if (before !== undefined) return before;
  const planned = leafValidity(clock.now(), request.durationSeconds, settings.maximumDurationSeconds);
  const issuing = await hierarchy.issuingUntil(planned.notAfter, signal);

  return state.locked(
    'ledger',
    async () => {
      const meanwhile = await answered();
      if (meanwhile !== undefined) return meanwhile;
      const { certificate: issuer, number } = issuing;
      const serialNumber = newSerialNumber(context.random);
      const certificate = await buildLeaf(
        {
          names: request.names,
          spki: key.spki,
          keyAlgorithm: key.algorithm,
          usages: request.usages,
          urls: urlsOf(settings, issuing),
          serialNumber,
          // A clock that was set back since the CA was made must not give a leaf older than its issuer.
          validity: { notBefore: later(planned.notBefore, issuer.notBefore), notAfter: planned.notAfter },
          issuer: {
            name: issuer.name,
            keyIdentifier: issuer.keyIdentifier,
            signer: await hierarchy.signerOf(issuing, signal),
          },
        },
        hasher,
        signal,
      );
      const record: LedgerRecord = {
        serialNumber: serialText(serialNumber),
        requestId: request.requestId,
        requestDigest,
        spkiSha256,
        identity: request.identity,
        ...(request.machine === undefined ? {} : { machine: request.machine }),
        issuedAt: clock.now().toISOString(),
        notAfter: planned.notAfter.toISOString(),
        issuer: number,
        certificate,
      };
      await ledger.add(record);
      return record;
    },
    signal,
  );
}

function later(a: Date, b: Date): Date {
  return new Date(Math.max(a.getTime(), b.getTime()));
}

function urlsOf(settings: AuthoritySettings, { number }: IssuingAuthority) {
  const { crl, ocsp, issuerCertificate } = settings;
  return {
    ...(crl.url === undefined ? {} : { crl: numbered(crl.url, number) }),
    ...(ocsp.url === undefined ? {} : { ocsp: ocsp.url }),
    ...(issuerCertificate.url === undefined
      ? {}
      : { issuerCertificate: numbered(issuerCertificate.url, number) }),
  };
}

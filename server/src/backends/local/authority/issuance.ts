import { buildLeaf } from '../../../core/credential/build/certificate.ts';
import { problemsOfNames } from '../../../core/credential/build/names.ts';
import { readProvenKey } from '../../../core/credential/build/requestProof.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { nodeSignatureVerifier } from '../../../platform/crypto/signatureVerifier.ts';
import type { BackendContext, CertificateRequest, CertificateUsage } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { AuthoritySettings } from '../configuration.ts';
import type { Hierarchy, IssuingAuthority } from './hierarchy.ts';
import type { Ledger, LedgerRecord } from './ledger.ts';
import { numbered } from './numbered.ts';
import { newSerialNumber, serialText } from './serialNumber.ts';
import { leafValidity } from './validity.ts';

/** Purposes that must stand alone: RFC 3161, 2.3; and a server's key must not vouch for revocation. */
const SOLITARY: readonly CertificateUsage[] = ['timeStamping', 'ocspSigning'];

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
  const key = check(request);
  const spkiSha256 = toHex(hasher.hash('sha256', key.spki));
  const requestDigest = digestOf(request, context);

  const answered = async (): Promise<LedgerRecord | undefined> => {
    const record = await ledger.byRequest(request.requestId);
    if (record === undefined) return undefined;
    if (record.spkiSha256 !== spkiSha256) throw conflict(request.requestId, 'another key');
    if (record.requestDigest !== requestDigest)
      throw conflict(request.requestId, 'other names or another validity');
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
            signer: await hierarchy.signerOf(issuing),
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

function check(request: CertificateRequest): {
  readonly algorithm: ProvenAlgorithm;
  readonly spki: Uint8Array;
} {
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what, hint });
  if (request.requestId === '') throw refuse('the request has no id', 'this is a defect: please report it');
  const [wrong] = problemsOfNames(request.names);
  if (wrong !== undefined)
    throw refuse(`spec.${wrong.field}: "${wrong.value}" ${wrong.why}`, 'correct the name in the manifest');
  const { names, usages } = request;
  const named =
    names.dnsNames.length + names.ipAddresses.length + names.uris.length + names.emailAddresses.length;
  if (named === 0 && names.subject === undefined)
    throw refuse(
      'the certificate would name nobody',
      'declare dnsNames, ipAddresses, uris, emailAddresses or a subject',
    );
  const solitary = SOLITARY.find((usage) => usages.includes(usage));
  if (solitary !== undefined && usages.length > 1)
    throw refuse(`the usage ${solitary} must stand alone`, 'declare a Certificate of its own for it');
  const key = readProvenKey(request.csr, nodeSignatureVerifier);
  if (!key.ok)
    throw refuse(
      `the certificate request is refused: ${key.why}`,
      'make a new key and request, then issue again',
    );
  return key;
}

type ProvenAlgorithm = Extract<ReturnType<typeof readProvenKey>, { ok: true }>['algorithm'];

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

function digestOf(request: CertificateRequest, { hasher }: BackendContext): string {
  const { names, usages, durationSeconds, identity, machine } = request;
  const text = JSON.stringify([
    [identity.apiVersion, identity.kind, identity.namespace, identity.name, machine ?? null],
    [names.subject ?? null, names.dnsNames, names.ipAddresses, names.uris, names.emailAddresses],
    usages,
    durationSeconds,
  ]);
  return toHex(hasher.hash('sha256', new TextEncoder().encode(text)));
}

function conflict(requestId: string, other: string): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `the request ${requestId} was answered before, for ${other}`,
    hint: 'undo the action (`idac resume --undo`) and plan it again',
  });
}

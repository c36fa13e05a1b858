import { KEY_ALGORITHMS } from '../../../core/credential/keyAlgorithm.ts';
import { CERTIFICATE_USAGES } from '../../../core/credential/subjectNames.ts';
import type { BackendContext, CertificateAuthority, IssuedCertificate, LedgerEntry } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { checkReason, OFFERED_REASONS } from '../../revocationReasons.ts';
import { normalSerialNumber } from '../../serialNumber.ts';
import type { AuthoritySettings } from '../configuration.ts';
import type { Hierarchy } from './hierarchy.ts';
import { issueCertificate } from './issuance.ts';
import { type LedgerRecord, openLedger } from './ledger.ts';
import { answerOcsp } from './ocspResponder.ts';
import { publishesAnything, publishFiles } from './publication.ts';
import type { Revocations } from './revocation.ts';
import { openRevocations } from './revocation.ts';

export interface LocalAuthority {
  readonly authority: CertificateAuthority;
  readonly revocations: Revocations;
}

export function localAuthority(
  context: BackendContext,
  settings: AuthoritySettings,
  hierarchy: Hierarchy,
): LocalAuthority {
  const ledger = openLedger(context);
  const revocations = openRevocations(context, settings, hierarchy, ledger);
  const parts = { context, settings, hierarchy, ledger, revocations };

  async function certificateOf(record: LedgerRecord): Promise<IssuedCertificate> {
    const issuer = (await hierarchy.issuing()).find(({ number }) => number === record.issuer);
    const root = await hierarchy.root();
    return {
      requestId: record.requestId,
      chain: issuer === undefined ? [record.certificate] : [record.certificate, issuer.certificate.der],
      ...(root === undefined ? {} : { root: root.der }),
    };
  }

  async function entryOf(record: LedgerRecord): Promise<LedgerEntry> {
    const revoked = await revocations.of(record.serialNumber);
    return {
      ...(await certificateOf(record)),
      serialNumber: record.serialNumber,
      identity: record.identity,
      ...(record.machine === undefined ? {} : { machine: record.machine }),
      issuedAt: record.issuedAt,
      notAfter: record.notAfter,
      ...(revoked === undefined ? {} : { revoked }),
    };
  }

  async function recordOf(serialNumber: string): Promise<LedgerRecord | undefined> {
    const normal = normalSerialNumber(serialNumber);
    return normal === undefined ? undefined : ledger.bySerialNumber(normal);
  }

  async function known(serialNumber: string): Promise<LedgerRecord> {
    const record = await recordOf(serialNumber);
    if (record !== undefined) return record;
    throw new BackendError({
      kind: 'not-found',
      what: `${context.name} issued no certificate with the serial number ${serialNumber}`,
      hint: 'check the serial number, and that the Backend names the store that issued it (spec.store)',
    });
  }

  const authority: CertificateAuthority = {
    keyAlgorithms: KEY_ALGORITHMS,
    usages: CERTIFICATE_USAGES,
    revocationReasons: OFFERED_REASONS,
    maximumDurationSeconds: settings.maximumDurationSeconds,
    ...(settings.defaultDurationSeconds === undefined
      ? {}
      : { defaultDurationSeconds: settings.defaultDurationSeconds }),
    issue: acting('issue the certificate', async (request, signal) => ({
      state: 'issued',
      made: await certificateOf(await issueCertificate(request, parts, signal)),
    })),
    find: looking('look up the certificate', async (query) => {
      const record =
        'requestId' in query
          ? await ledger.byRequest(query.requestId)
          : 'serialNumber' in query
            ? await recordOf(query.serialNumber)
            : (await ledger.byKey(query.spkiSha256.toLowerCase())).at(-1);
      return record === undefined ? undefined : entryOf(record);
    }),
    issuedFor: looking('list the certificates', async (identity) => {
      const entries: LedgerEntry[] = [];
      for (const record of await ledger.byIdentity(identity)) entries.push(await entryOf(record));
      return entries;
    }),
    revoke: acting('revoke the certificate', async (serialNumber, reason, signal) => {
      checkReason(reason);
      return revocations.revoke(await known(serialNumber), reason, signal);
    }),
    status: looking('tell the status', async (serialNumber) => {
      const record = await recordOf(serialNumber);
      if (record === undefined)
        return { status: 'unknown', why: `${context.name} issued no certificate with that serial number` };
      const revocation = await revocations.of(record.serialNumber);
      return revocation === undefined ? { status: 'good' } : { status: 'revoked', ...revocation };
    }),
    roots: looking('give the roots', async (signal) => {
      await hierarchy.issuingUntil(context.clock.now(), signal);
      const root = await hierarchy.root();
      return root === undefined ? [] : [root.der];
    }),
    crl: acting('make the CRL', async (signal) => {
      const issuer = await hierarchy.issuingUntil(context.clock.now(), signal);
      return (await revocations.newList(issuer, signal)).list;
    }),
    ocsp: looking('answer the OCSP request', (request, signal) => answerOcsp(request, parts, signal)),
    ...(publishesAnything(settings)
      ? {
          publish: acting('publish CRL and roots', async (signal) => {
            await hierarchy.issuingUntil(context.clock.now(), signal);
            return publishFiles(parts, signal);
          }),
        }
      : {}),
  };
  return { authority, revocations };
}

import { KEY_ALGORITHMS } from '../../../core/credential/keyAlgorithm.ts';
import { CERTIFICATE_USAGES } from '../../../core/credential/subjectNames.ts';
import type { BackendContext, CertificateAuthority, IssuedCertificate } from '../../contract.ts';
import { acting, looking } from '../../guard.ts';
import { normalSerialNumber } from '../../serialNumber.ts';
import type { AuthoritySettings } from '../configuration.ts';
import { factsOf } from '../entries.ts';
import { entryVerbs } from '../entryVerbs.ts';
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

  const verbs = entryVerbs(
    {
      byRequest: ledger.byRequest,
      byIdentity: ledger.byIdentity,
      byKey: ledger.byKey,
      async bySerialNumber(serialNumber) {
        const normal = normalSerialNumber(serialNumber);
        return normal === undefined ? undefined : ledger.bySerialNumber(normal);
      },
      revocationOf: revocations.of,
      revoke: revocations.mark,
    },
    async (record: LedgerRecord, revoked) => ({
      ...(await certificateOf(record)),
      ...factsOf(record, revoked),
    }),
    {
      noun: 'certificate',
      unknown: `${context.name} issued no certificate with`,
      calledBy: 'serial number',
    },
  );

  const authority: CertificateAuthority = {
    ...verbs,
    keyAlgorithms: KEY_ALGORITHMS,
    usages: CERTIFICATE_USAGES,
    maximumDurationSeconds: settings.maximumDurationSeconds,
    ...(settings.defaultDurationSeconds === undefined
      ? {}
      : { defaultDurationSeconds: settings.defaultDurationSeconds }),
    issue: acting('issue the certificate', async (request, signal) => ({
      state: 'issued',
      made: await certificateOf(await issueCertificate(request, parts, signal)),
    })),
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

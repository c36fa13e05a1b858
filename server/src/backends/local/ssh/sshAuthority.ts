import { CLASSICAL_KEY_ALGORITHMS } from '../../../core/credential/keyAlgorithm.ts';
import type { BackendContext, Health, SshAuthority, SshLedgerEntry } from '../../contract.ts';
import { acting } from '../../guard.ts';
import { normalSshSerialNumber } from '../../sshSerialNumber.ts';
import type { SshSettings } from '../configuration.ts';
import { entryVerbs } from '../entryVerbs.ts';
import { openRevocationMarks, type Revocation } from '../revocationMarks.ts';
import { openSshAuthorityKeys, type SshAuthorityKeys } from './authorityKeys.ts';
import { sshHealth } from './health.ts';
import { enrolSshKey, issueSshCertificate, type SshParts } from './issuance.ts';
import { openSshLedger, type SshLedgerRecord } from './ledger.ts';
import { publishesAnything, publishFiles } from './publication.ts';
import { newKeyRevocationList } from './revocationList.ts';

export interface LocalSshAuthority {
  readonly authority: SshAuthority;
  readonly keys: SshAuthorityKeys;
  /** Looks, and makes nothing. */
  health(): Promise<Health['checks']>;
}

export function localSshAuthority(context: BackendContext, settings: SshSettings): LocalSshAuthority {
  const ledger = openSshLedger(context);
  const keys = openSshAuthorityKeys(context, settings);
  const revocations = openRevocationMarks(context, { folder: 'ssh/revoked', lock: 'ssh-revocation' });
  const parts: SshParts = { context, settings, keys, ledger, revocations };

  const tell = (record: SshLedgerRecord, revoked: Revocation | undefined): SshLedgerEntry => {
    const { requestDigest, spkiSha256, ...entry } = record;
    return revoked === undefined ? entry : { ...entry, revoked };
  };
  const entryOf = async (record: SshLedgerRecord): Promise<SshLedgerEntry> =>
    tell(record, await revocations.of(record.serialNumber));
  const verbs = entryVerbs(
    {
      byRequest: ledger.byRequest,
      byIdentity: ledger.byIdentity,
      byKey: ledger.byKey,
      /** The newest one of that serial number. */
      async bySerialNumber(serialNumber) {
        const normal = normalSshSerialNumber(serialNumber);
        return normal === undefined ? undefined : (await ledger.bySerialNumber(normal)).at(-1);
      },
      revocationOf: revocations.of,
      revoke: revocations.mark,
    },
    tell,
    {
      noun: 'SSH certificate',
      unknown: `${context.name} knows no SSH certificate or key of`,
      calledBy: 'serial number',
    },
  );

  const authority: SshAuthority = {
    ...verbs,
    keyAlgorithms: CLASSICAL_KEY_ALGORITHMS,
    certificateTypes: ['user', 'host'],
    maximumDurationSeconds: settings.maximumDurationSeconds,
    ...(settings.defaultDurationSeconds === undefined
      ? {}
      : { defaultDurationSeconds: settings.defaultDurationSeconds }),
    issue: acting('issue the SSH certificate', async (request, signal) => ({
      state: 'issued',
      made: await entryOf(await issueSshCertificate(request, parts, signal)),
    })),
    enrol: acting('enrol the SSH key', async (request, signal) =>
      entryOf(await enrolSshKey(request, parts, signal)),
    ),
    authorities: acting('give the SSH authorities', async (type, signal) => [await keys.get(type, signal)]),
    krl: acting(
      'make the key revocation list',
      async (signal) => (await newKeyRevocationList(parts, signal)).krl,
    ),
    ...(publishesAnything(settings)
      ? {
          publish: acting('publish the key revocation list and the SSH authorities', (signal) =>
            publishFiles(parts, signal),
          ),
        }
      : {}),
  };
  return { authority, keys, health: () => sshHealth(parts) };
}

import { KEY_ALGORITHMS } from '../../../core/credential/keyAlgorithm.ts';
import type { BackendContext, Health, SshAuthority, SshLedgerEntry } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { checkReason, OFFERED_REASONS } from '../../revocationReasons.ts';
import { normalSshSerialNumber } from '../../sshSerialNumber.ts';
import type { SshSettings } from '../configuration.ts';
import { openRevocationMarks } from '../revocationMarks.ts';
import { openSshAuthorityKeys } from './authorityKeys.ts';
import { sshHealth } from './health.ts';
import { enrolSshKey, issueSshCertificate, type SshParts } from './issuance.ts';
import { openSshLedger, type SshLedgerRecord } from './ledger.ts';
import { publishesAnything, publishFiles } from './publication.ts';
import { newKeyRevocationList } from './revocationList.ts';

export interface LocalSshAuthority {
  readonly authority: SshAuthority;
  /** Looks, and makes nothing. */
  health(): Promise<Health['checks']>;
}

export function localSshAuthority(context: BackendContext, settings: SshSettings): LocalSshAuthority {
  const ledger = openSshLedger(context);
  const keys = openSshAuthorityKeys(context, settings);
  const revocations = openRevocationMarks(context, { folder: 'ssh/revoked', lock: 'ssh-revocation' });
  const parts: SshParts = { context, settings, keys, ledger, revocations };

  async function entryOf(record: SshLedgerRecord): Promise<SshLedgerEntry> {
    const { requestDigest, spkiSha256, ...entry } = record;
    const revoked = await revocations.of(record.serialNumber);
    return revoked === undefined ? entry : { ...entry, revoked };
  }

  /** The newest one of that serial number. */
  async function recordOf(serialNumber: string): Promise<SshLedgerRecord | undefined> {
    const normal = normalSshSerialNumber(serialNumber);
    return normal === undefined ? undefined : (await ledger.bySerialNumber(normal)).at(-1);
  }

  const authority: SshAuthority = {
    keyAlgorithms: KEY_ALGORITHMS,
    certificateTypes: ['user', 'host'],
    revocationReasons: OFFERED_REASONS,
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
    find: looking('look up the SSH certificate', async (query) => {
      const record =
        'requestId' in query
          ? await ledger.byRequest(query.requestId)
          : 'serialNumber' in query
            ? await recordOf(query.serialNumber)
            : (await ledger.byKey(query.spkiSha256.toLowerCase())).at(-1);
      return record === undefined ? undefined : entryOf(record);
    }),
    issuedFor: looking('list the SSH certificates', async (identity) => {
      const entries: SshLedgerEntry[] = [];
      for (const record of await ledger.byIdentity(identity)) entries.push(await entryOf(record));
      return entries;
    }),
    revoke: acting('revoke the SSH certificate', async (serialNumber, reason, signal) => {
      checkReason(reason);
      const record = await recordOf(serialNumber);
      if (record === undefined) throw notIssued(context.name, serialNumber);
      return revocations.mark(record.serialNumber, reason, signal);
    }),
    status: looking('tell the status', async (serialNumber) => {
      const record = await recordOf(serialNumber);
      if (record === undefined)
        return {
          status: 'unknown',
          why: `${context.name} knows no SSH certificate or key of that serial number`,
        };
      const revocation = await revocations.of(record.serialNumber);
      return revocation === undefined ? { status: 'good' } : { status: 'revoked', ...revocation };
    }),
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
  return { authority, health: () => sshHealth(parts) };
}

function notIssued(name: string, serialNumber: string): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `${name} knows no SSH certificate or key of the serial number ${serialNumber.slice(0, 80)}`,
    hint: 'check the serial number, and that the Backend names the store that issued it (spec.store)',
  });
}

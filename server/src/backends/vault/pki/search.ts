import { decodeCertificate } from '../../../core/credential/certificate.ts';
import { certificateFacts } from '../../../core/credential/certifiedKey.ts';
import { toHex } from '../../../core/credential/octets.ts';
import type { Hasher } from '../../../core/ports.ts';
import { isRecord } from '../../jsonFile.ts';
import type { Awaited } from '../ledger/ledger.ts';
import { mapLimited } from '../limited.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';
import { certificatesIn } from './certificates.ts';
import { comparableNames } from './request.ts';

/** How far the clocks of the server and of this machine may lie apart. */
const CLOCK_DOUBT = 3_600_000;

/** What an answer's date and the certificate's may differ by, and how long the server may work on one call. */
const CLOCK_STEP = 2000;
const LONGEST_CALL = 120_000;

/** DER of the certificate over this key that the mount issued: after a run that ended between the call and its answer. */
export async function certificateOverKey(
  vault: Vault,
  mount: string,
  wanted: { readonly spkiSha256: string; readonly notedAt: string },
  hasher: Hasher,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const isWanted = (der: Uint8Array) => certificateFacts(der, hasher)?.spkiSha256 === wanted.spkiSha256;
  return (await searched(vault, mount, wanted.notedAt, isWanted, signal))[0];
}

/**
 * Those that a request for key and certificate may have made whose answer was lost: told by their names, their algorithm,
 * when it was asked for, and the very second of the end.
 */
export async function certificatesAwaited(
  vault: Vault,
  mount: string,
  awaited: Awaited,
  hasher: Hasher,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const isWanted = (der: Uint8Array) => {
    const { notBefore, notAfter, facts, publicKey } = decodeCertificate(der, hasher).value ?? {};
    const late = Date.parse(notBefore ?? '') - Date.parse(awaited.notBefore);
    return (
      Date.parse(notAfter ?? '') === Date.parse(awaited.notAfter) &&
      late >= -CLOCK_STEP &&
      late <= LONGEST_CALL &&
      awaitedDigest(comparableNames(facts?.subjectAltNames ?? []), publicKey?.algorithm, hasher) ===
        awaited.digest
    );
  };
  return searched(vault, mount, awaited.notBefore, isWanted, signal);
}

export function awaitedDigest(
  names: readonly string[],
  algorithm: string | undefined,
  hasher: Hasher,
): string {
  return toHex(hasher.hash('sha256', new TextEncoder().encode(JSON.stringify([names, algorithm]))));
}

/** OpenBao lists dates beside serial numbers, so few are read; Vault lists serial numbers alone, so all are. */
async function searched(
  vault: Vault,
  mount: string,
  notedAt: string,
  isWanted: (der: Uint8Array) => boolean,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const since = Date.parse(notedAt) - CLOCK_DOUBT;
  const { keys, details } = await vault.listWithDetails(apiPath(mount, 'certs'), signal);
  const candidates = keys.filter((serial) => {
    const about = details[serial];
    const from =
      isRecord(about) && typeof about['not_before'] === 'string' ? Date.parse(about['not_before']) : since;
    return !(from < since);
  });
  // The newest stand anywhere in the list: all are read, a few at a time.
  const found = await mapLimited(candidates, async (serial) => {
    const answer = await vault.read(apiPath(mount, 'cert', serial), signal);
    const [der] = certificatesIn(answer?.data['certificate']);
    return der !== undefined && isWanted(der) ? der : undefined;
  });
  return found.filter((der) => der !== undefined);
}

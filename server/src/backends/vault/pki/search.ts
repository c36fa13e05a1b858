import { certificateFacts } from '../../../core/credential/certificate.ts';
import type { Hasher } from '../../../core/ports.ts';
import { isRecord } from '../../jsonFile.ts';
import { mapLimited } from '../limited.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';
import { certificatesIn } from './certificates.ts';

/** How far the clocks of the server and of this machine may lie apart. */
const CLOCK_DOUBT = 3_600_000;

/**
 * Looks through what the mount issued for a certificate over this key: after a run that ended between the call and its
 * answer. OpenBao lists dates beside serial numbers, so few are read; Vault lists serial numbers alone, so all are.
 */
export async function certificateOverKey(
  vault: Vault,
  mount: string,
  wanted: { readonly spkiSha256: string; readonly notedAt: string },
  hasher: Hasher,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const since = Date.parse(wanted.notedAt) - CLOCK_DOUBT;
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
    return der !== undefined && certificateFacts(der, hasher)?.spkiSha256 === wanted.spkiSha256
      ? der
      : undefined;
  });
  return found.find((der) => der !== undefined);
}

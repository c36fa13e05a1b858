import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { buildRevocationList } from '../../../core/credential/build/revocationList.ts';
import { fromHex } from '../../../core/credential/octets.ts';
import type { RevocationReason } from '../../../core/lifecycle/event.ts';
import type { BackendContext } from '../../contract.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import type { AuthoritySettings } from '../configuration.ts';
import { openRevocationMarks, type Revocation } from '../revocationMarks.ts';
import type { Hierarchy, IssuingAuthority } from './hierarchy.ts';
import type { Ledger } from './ledger.ts';
import { secondsAfter } from './validity.ts';

interface PublishedList {
  readonly number: number;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  /** DER. */
  readonly list: Uint8Array;
}

export interface Revocations {
  of(serialNumber: string): Promise<Revocation | undefined>;
  mark(serialNumber: string, reason: RevocationReason, signal: AbortSignal): Promise<Revocation>;
  /** A new list with a number above all before it, across processes. */
  newList(issuer: IssuingAuthority, signal: AbortSignal): Promise<PublishedList>;
  lastList(issuerNumber: number): Promise<PublishedList | undefined>;
}

export function openRevocations(
  context: BackendContext,
  settings: AuthoritySettings,
  hierarchy: Hierarchy,
  ledger: Ledger,
): Revocations {
  const { state, clock } = context;
  const marks = openRevocationMarks(context, { folder: 'revoked', lock: 'revocation' });
  const lastList = (issuerNumber: number): Promise<PublishedList | undefined> =>
    readJson(state, listFile(issuerNumber), parseList);

  async function entriesOf(issuer: IssuingAuthority, now: Date) {
    const entries: { serialNumber: Uint8Array; revokedAt: Date; reason: RevocationReason }[] = [];
    for (const serialNumber of await marks.all()) {
      const record = await ledger.bySerialNumber(serialNumber);
      if (record === undefined || record.issuer !== issuer.number) continue;
      // RFC 5280, 3.3: it stays until one list after its expiry has named it.
      if (secondsAfter(new Date(record.notAfter), settings.crl.lifetimeSeconds) < now) continue;
      const revocation = await marks.of(record.serialNumber);
      if (revocation === undefined) continue;
      entries.push({
        serialNumber: fromHex(record.serialNumber),
        revokedAt: new Date(revocation.at),
        reason: revocation.reason,
      });
    }
    return entries;
  }

  return {
    of: marks.of,
    lastList,
    mark: marks.mark,
    newList: (issuer, signal) =>
      state.locked(
        `crl-${issuer.number}`,
        async () => {
          const last = await lastList(issuer.number);
          const now = clock.now();
          // A clock that was set back must not make the newer list look older (RFC 5280, 5.1.2.4).
          const thisUpdate =
            last !== undefined && new Date(last.thisUpdate) > now ? new Date(last.thisUpdate) : now;
          const nextUpdate = secondsAfter(thisUpdate, settings.crl.lifetimeSeconds);
          const number = (last?.number ?? 0) + 1;
          const { name, keyIdentifier } = issuer.certificate;
          const list = await buildRevocationList(
            {
              issuer: { name, keyIdentifier, signer: await hierarchy.signerOf(issuer, signal) },
              number,
              thisUpdate,
              nextUpdate,
              entries: await entriesOf(issuer, now),
            },
            signal,
          );
          const dates = { thisUpdate: thisUpdate.toISOString(), nextUpdate: nextUpdate.toISOString() };
          await writeJson(state, listFile(issuer.number), {
            schemaVersion: 1,
            number,
            ...dates,
            list: encodeBase64(list),
          });
          return { number, ...dates, list };
        },
        signal,
      ),
  };
}

function listFile(issuerNumber: number): string {
  return `crl/${issuerNumber}.json`;
}

function parseList(value: unknown): PublishedList | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { number, thisUpdate, nextUpdate } = value;
  const list = typeof value['list'] === 'string' ? decodeBase64(value['list']) : undefined;
  return typeof number === 'number' &&
    typeof thisUpdate === 'string' &&
    typeof nextUpdate === 'string' &&
    list?.ok === true
    ? { number, thisUpdate, nextUpdate, list: list.bytes }
    : undefined;
}

/** Signed certificate timestamps: what logs of certificate transparency promised (RFC 6962, 3.2 and 3.3). */
import { DerError } from './der.ts';
import { toHex } from './octets.ts';

export interface SignedTimestamp {
  /** Hex SHA-256 of the log's public key. */
  readonly logId: string;
  /** When it promised to publish the certificate; ISO 8601. */
  readonly at: string;
}

const LOG_ID_LENGTH = 32;
const MAX_TIME = 8.64e15;

/** `list`: a SignedCertificateTimestampList. Throws `DerError` where it is none. */
export function signedTimestamps(list: Uint8Array): readonly SignedTimestamp[] {
  const view = new DataView(list.buffer, list.byteOffset, list.length);
  if (list.length < 2 || view.getUint16(0) !== list.length - 2)
    throw new DerError('the list of timestamps has another length than it says', 0);
  const found: SignedTimestamp[] = [];
  for (let at = 2; at < list.length; ) {
    const length = at + 2 <= list.length ? view.getUint16(at) : 0;
    const start = at + 2;
    // Version, log, time; the extensions and the signature behind them are for who has the log's key.
    if (length < 1 + LOG_ID_LENGTH + 8 || start + length > list.length)
      throw new DerError('a timestamp is cut off', at);
    // A version that is not known has another form.
    if (list[start] === 0) {
      const time = Number(view.getBigUint64(start + 1 + LOG_ID_LENGTH));
      if (time > MAX_TIME) throw new DerError('a timestamp is out of range', at);
      found.push({
        logId: toHex(list.subarray(start + 1, start + 1 + LOG_ID_LENGTH)),
        at: new Date(time).toISOString(),
      });
    }
    at = start + length;
  }
  return found;
}

/** Data of RFC 4251, 5, as SSH keys are written. Throws `DerError`, as the DER reader does. */
import { decodeUtf8 } from '../charset.ts';
import { DerError } from '../der.ts';

export interface SshReader {
  string(what: string): Uint8Array;
  text(what: string): string;
  byte(what: string): number;
  uint32(what: string): number;
  uint64(what: string): bigint;
  more(): boolean;
  position(): number;
}

export function sshReader(bytes: Uint8Array): SshReader {
  let at = 0;
  const take = (length: number, what: string): Uint8Array => {
    if (length > bytes.length - at) {
      throw new DerError(`${what} claims ${length} octets where ${bytes.length - at} are left`, at);
    }
    at += length;
    return bytes.subarray(at - length, at);
  };
  const uint32 = (what: string): number => take(4, what).reduce((value, octet) => value * 256 + octet, 0);
  const string = (what: string): Uint8Array => take(uint32(what), what);
  return {
    string,
    text: (what) => decodeUtf8(string(what)),
    byte: (what) => take(1, what)[0] ?? 0,
    uint32,
    uint64: (what) => take(8, what).reduce((value, octet) => (value << 8n) | BigInt(octet), 0n),
    more: () => at < bytes.length,
    position: () => at,
  };
}

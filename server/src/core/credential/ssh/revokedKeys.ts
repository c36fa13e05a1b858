/** Whether a list revokes an SSH key or certificate, as sshd goes through it (OpenSSH's PROTOCOL.krl). */
import type { Hasher } from '../../ports.ts';
import { decodeTextFile } from '../charset.ts';
import { sameOctets, toHex } from '../octets.ts';
import { readSshKeyLines } from './keyLines.ts';
import { type DecodedSshKey, decodeSshKey } from './publicKey.ts';
import {
  decodeSshRevocationList,
  isSshRevocationList,
  type RevokedSshCertificates,
} from './revocationList.ts';

export interface SshRevokedKeys {
  /** What the list is called to a person. */
  readonly name: string;
  /** Why it cannot be told; undefined: the list was read whole. */
  readonly problem: string | undefined;
  /** Hex. */
  readonly keys: ReadonlySet<string>;
  readonly sha1: ReadonlySet<string>;
  readonly sha256: ReadonlySet<string>;
  readonly certificates: readonly RevokedSshCertificates[];
}

export type SshKeyRevocation =
  | { readonly status: 'good' }
  | { readonly status: 'revoked' | 'unknown'; readonly why: string };

/** A list that has more was made to be large. */
const MOST_ENTRIES = 1_000_000;

/** A list in OpenSSH's own format, or keys one a line: both are what `RevokedKeys` of sshd names. */
export function readSshRevokedKeys(name: string, bytes: Uint8Array, hasher: Hasher): SshRevokedKeys {
  if (!isSshRevocationList(bytes)) return keyLines(name, bytes, hasher);
  const { value, problems } = decodeSshRevocationList(bytes, MOST_ENTRIES);
  const [damage] = problems;
  const problem =
    damage !== undefined
      ? `${damage.what} cannot be read: ${damage.reason}`
      : value !== undefined && value.entryCount > MOST_ENTRIES
        ? `it has more than ${MOST_ENTRIES} entries`
        : undefined;
  return {
    name,
    problem,
    keys: new Set(value?.keys.map(toHex)),
    sha1: new Set(value?.sha1),
    sha256: new Set(value?.sha256),
    certificates: value?.certificates ?? [],
  };
}

function keyLines(name: string, bytes: Uint8Array, hasher: Hasher): SshRevokedKeys {
  const text = decodeTextFile(bytes);
  const lines = readSshKeyLines(text, true);
  // sshd refuses every key where it cannot read one of these lines.
  const written = text.split(/\r\n|\n|\r/).filter((line) => /^[ \t]*[^ \t#]/.test(line)).length;
  const read = lines.flatMap(({ blob, problem }) => {
    const plain = problem === undefined ? decodeSshKey(blob, hasher).value?.plain : undefined;
    return plain === undefined ? [] : [toHex(plain)];
  });
  const problem =
    lines.length === 0
      ? 'it is neither a key revocation list nor a list of keys'
      : read.length < written
        ? `${written - read.length} of its lines cannot be read`
        : undefined;
  return { name, problem, keys: new Set(read), sha1: new Set(), sha256: new Set(), certificates: [] };
}

/** What any list revokes is revoked, whatever becomes of the others. */
export function sshRevocation(
  key: DecodedSshKey,
  lists: readonly SshRevokedKeys[],
  hasher: Hasher,
): SshKeyRevocation {
  for (const list of lists) {
    const why = revokedBy(key, list, hasher);
    if (why !== undefined) return { status: 'revoked', why: `${list.name} revokes it by ${why}` };
  }
  const unread = lists.find(({ problem }) => problem !== undefined);
  return unread === undefined
    ? { status: 'good' }
    : { status: 'unknown', why: `${unread.name}: ${unread.problem}` };
}

function revokedBy(
  { plain, fields }: DecodedSshKey,
  list: SshRevokedKeys,
  hasher: Hasher,
): string | undefined {
  const own = keyIn(plain, list, hasher);
  if (own !== undefined) return own;
  if (fields === undefined) return undefined;
  const { authority, serialNumber, keyId } = fields;
  const issuer = decodeSshKey(authority, hasher).value?.plain ?? authority;
  for (const of of list.certificates) {
    // Without a key they are those of any authority.
    if (of.authority.length > 0 && !sameOctets(of.authority, issuer)) continue;
    if (of.keyIds.includes(keyId)) return 'its key id';
    // No list can name 0, which certificates without a number have.
    if (serialNumber === 0n) continue;
    if (of.serials.some(({ first, last }) => first <= serialNumber && serialNumber <= last))
      return 'its serial number';
  }
  const byAuthority = keyIn(issuer, list, hasher);
  return byAuthority === undefined ? undefined : `${byAuthority} of the authority that signed it`;
}

function keyIn(
  plain: Uint8Array,
  { keys, sha1, sha256 }: SshRevokedKeys,
  hasher: Hasher,
): string | undefined {
  if (keys.has(toHex(plain))) return 'the key';
  if (sha256.size > 0 && sha256.has(toHex(hasher.hash('sha256', plain)))) return 'the SHA-256 of the key';
  if (sha1.size > 0 && sha1.has(toHex(hasher.hash('sha1', plain)))) return 'the SHA-1 of the key';
  return undefined;
}

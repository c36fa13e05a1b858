import { concat, toHex } from '../octets.ts';
import { KRL_CERTIFICATES, KRL_FORMAT, KRL_MAGIC, KRL_SECTION } from './revocationListFormat.ts';
import { sshString, sshText, uint32, uint64 } from './wireWriter.ts';

export interface SshRevocationListContent {
  /** Above that of every list before it. */
  readonly version: bigint;
  readonly generatedAt: Date;
  readonly comment: string;
  readonly certificates: readonly {
    /** The authority's public key in wire format. */
    readonly authority: Uint8Array;
    /** In any order; 0 cannot be revoked. */
    readonly serialNumbers: readonly bigint[];
  }[];
  /** SHA-256 of the wire format of plain keys. It ends their certificates too. */
  readonly keySha256: readonly Uint8Array[];
}

/** A key revocation list as `RevokedKeys` of sshd and `RevokedHostKeys` of ssh take it (OpenSSH's PROTOCOL.krl), unsigned. */
export function buildSshRevocationList(content: SshRevocationListContent): Uint8Array {
  const certificates = content.certificates.filter(({ serialNumbers }) => serialNumbers.length > 0);
  const hashes = [...content.keySha256].sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1));
  return concat(
    KRL_MAGIC,
    uint32(KRL_FORMAT),
    uint64(content.version),
    uint64(BigInt(Math.floor(content.generatedAt.getTime() / 1000))),
    uint64(0n),
    sshString(),
    sshText(content.comment),
    ...certificates.map(({ authority, serialNumbers }) =>
      section(KRL_SECTION.certificates, sshString(authority), sshString(), ...serialSections(serialNumbers)),
    ),
    ...(hashes.length === 0 ? [] : [section(KRL_SECTION.sha256, ...hashes.map((hash) => sshString(hash)))]),
  );
}

function section(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(type), sshString(...parts));
}

/** Runs of three and more as ranges, all others in one list. */
function serialSections(serialNumbers: readonly bigint[]): readonly Uint8Array[] {
  const single: bigint[] = [];
  const ranges: Uint8Array[] = [];
  for (const [first, last] of runsOf(serialNumbers)) {
    if (last - first >= 2n) ranges.push(section(KRL_CERTIFICATES.serialRange, uint64(first), uint64(last)));
    else for (let serial = first; serial <= last; serial++) single.push(serial);
  }
  return single.length === 0
    ? ranges
    : [section(KRL_CERTIFICATES.serialList, ...single.map(uint64)), ...ranges];
}

function runsOf(serialNumbers: readonly bigint[]): readonly (readonly [first: bigint, last: bigint])[] {
  const sorted = [...new Set(serialNumbers)].sort((a, b) => (a < b ? -1 : 1));
  const runs: [bigint, bigint][] = [];
  for (const serial of sorted) {
    const run = runs[runs.length - 1];
    if (run !== undefined && run[1] + 1n === serial) run[1] = serial;
    else runs.push([serial, serial]);
  }
  return runs;
}

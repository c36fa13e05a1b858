/** What an OpenSSH certificate holds behind its key (OpenSSH's PROTOCOL.certkeys). */
import { type SshReader, sshReader } from './wire.ts';

/** A critical option or an extension. */
export interface SshOption {
  readonly name: string;
  /** Empty for one that stands for itself, such as `permit-pty`. */
  readonly value: string;
}

export interface SshCertificateFields {
  readonly nonce: Uint8Array;
  readonly serialNumber: bigint;
  /** 1: user, 2: host. */
  readonly type: number;
  readonly keyId: string;
  /** Empty: it counts for every name. */
  readonly principals: readonly string[];
  /** Seconds since 1970; 0: since ever. */
  readonly validAfter: bigint;
  /** Seconds since 1970, the first at which it does not count any more; all ones: for ever. */
  readonly validBefore: bigint;
  readonly criticalOptions: readonly SshOption[];
  readonly extensions: readonly SshOption[];
  /** The authority's public key in wire format. */
  readonly authority: Uint8Array;
  /** Octets from the start of the certificate that the signature is made over. */
  readonly signedLength: number;
  readonly signature: Uint8Array;
}

/** `reader` stands behind the key. Throws `DerError`. */
export function readCertificateFields(reader: SshReader, nonce: Uint8Array): SshCertificateFields {
  const serialNumber = reader.uint64('the serial number');
  const type = reader.uint32('the kind');
  const keyId = reader.text('the key id');
  const principals = readNames(reader.string('the principals'));
  const validAfter = reader.uint64('the start date');
  const validBefore = reader.uint64('the end date');
  const criticalOptions = readOptions(reader.string('the critical options'));
  const extensions = readOptions(reader.string('the extensions'));
  reader.string('the reserved field');
  const authority = reader.string('the key of the authority');
  const signedLength = reader.position();
  const signature = reader.string('the signature');
  return {
    nonce,
    serialNumber,
    type,
    keyId,
    principals,
    validAfter,
    validBefore,
    criticalOptions,
    extensions,
    authority,
    signedLength,
    signature,
  };
}

function readNames(packed: Uint8Array): readonly string[] {
  const reader = sshReader(packed);
  const names: string[] = [];
  while (reader.more()) names.push(reader.text('a name'));
  return names;
}

function readOptions(packed: Uint8Array): readonly SshOption[] {
  const reader = sshReader(packed);
  const options: SshOption[] = [];
  while (reader.more()) {
    const name = reader.text('a name');
    const data = reader.string('a value');
    options.push({ name, value: data.length === 0 ? '' : sshReader(data).text('a value') });
  }
  return options;
}

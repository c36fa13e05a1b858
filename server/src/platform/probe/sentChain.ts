/**
 * Certificates in the order in which a server sends them. Node gives a chain that it put in order itself; up to TLS 1.2 they cross
 * the network readably (RFC 5246, 7.4.2), so the octets of a handshake of that version are looked at.
 */
import { connect as connectTcp } from 'node:net';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';

const TIMEOUT_MS = 5_000;
const HANDSHAKE = 22;
const CERTIFICATE = 11;
/** A handshake with more than this is none. */
const MOST_OCTETS = 256 * 1024;

/** Undefined: the server speaks newer versions alone, or did not answer. */
export function sentChain(
  {
    address,
    port,
    servername,
  }: { readonly address: string; readonly port: number; readonly servername?: string },
  signal: AbortSignal,
): Promise<readonly Uint8Array[] | undefined> {
  return new Promise((resolve) => {
    const seen: Buffer[] = [];
    let length = 0;
    const raw = connectTcp({ host: address, port, signal, timeout: TIMEOUT_MS });
    const between = new Duplex({
      read: () => undefined,
      write: (chunk, _encoding, done) => void raw.write(chunk, done),
    });
    const end = (chain: readonly Uint8Array[] | undefined): void => {
      raw.destroy();
      between.destroy();
      resolve(chain);
    };
    raw.on('data', (chunk) => {
      length += chunk.length;
      if (length > MOST_OCTETS) end(undefined);
      else {
        seen.push(chunk);
        between.push(chunk);
      }
    });
    raw.on('end', () => between.push(null));
    const socket = connect({
      socket: between,
      ...(servername === undefined ? {} : { servername }),
      // Only looked at; nothing is sent, nothing is trusted.
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
    });
    socket.once('secureConnect', () => end(certificatesIn(Buffer.concat(seen))));
    for (const each of [raw, between, socket]) each.on('error', () => end(undefined));
    raw.once('timeout', () => end(undefined));
  });
}

/** Undefined where what was seen does not add up. */
export function certificatesIn(octets: Uint8Array): readonly Uint8Array[] | undefined {
  const messages = handshakeIn(octets);
  for (let at = 0; at + 4 <= messages.length; ) {
    const type = messages[at];
    const end = at + 4 + uint24(messages, at + 1);
    if (end > messages.length) return undefined;
    if (type === CERTIFICATE) return listIn(messages.subarray(at + 7, end));
    at = end;
  }
  return undefined;
}

/** The handshake messages before encryption begins, without the records around them. */
function handshakeIn(octets: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 5 <= octets.length && octets[at] === HANDSHAKE; ) {
    const end = at + 5 + (((octets[at + 3] ?? 0) << 8) | (octets[at + 4] ?? 0));
    parts.push(octets.subarray(at + 5, end));
    at = end;
  }
  return new Uint8Array(Buffer.concat(parts));
}

function listIn(list: Uint8Array): readonly Uint8Array[] | undefined {
  const found: Uint8Array[] = [];
  for (let at = 0; at < list.length; ) {
    const end = at + 3 + uint24(list, at);
    if (at + 3 > list.length || end > list.length) return undefined;
    found.push(list.slice(at + 3, end));
    at = end;
  }
  return found;
}

function uint24(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
}

import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type DetailedPeerCertificate } from 'node:tls';
import { sentChain } from './sentChain.ts';

/** What one address of an endpoint serves. */
export interface EndpointAnswer {
  readonly endpoint: string;
  readonly address: string;
  /** Hex SHA-256 of the certificate that it serves; null when it serves none. */
  readonly certificateSha256: string | null;
  readonly problem: string | null;
  /** What was agreed on with it, such as `TLSv1.3` and `TLS_AES_256_GCM_SHA384`. */
  readonly protocol?: { readonly version: string; readonly cipherSuite: string };
  /** DER of what it serves, the certificate first and each followed by who issued it. */
  readonly chain: readonly Uint8Array[];
  /** The same in the order in which they are sent, where that can be seen. */
  readonly sent?: readonly Uint8Array[];
}

const TIMEOUT_MS = 5_000;
const MAX_ADDRESSES = 16;

export function splitEndpoint(endpoint: string): { readonly host: string; readonly port: number } {
  const colon = endpoint.lastIndexOf(':');
  return { host: endpoint.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(endpoint.slice(colon + 1)) };
}

function ask(
  host: string,
  address: string,
  port: number,
  endpoint: string,
  signal: AbortSignal,
): Promise<EndpointAnswer> {
  return new Promise((resolve) => {
    const options: ConnectionOptions & { signal: AbortSignal } = {
      host: address,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // Only the certificate is looked at, and compared with the recorded one: nothing is sent, nothing is trusted.
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
      signal,
    };
    const socket = connect(options);
    const answer = (chain: readonly Uint8Array[], problem: string | null) => {
      const version = socket.getProtocol();
      const protocol =
        version === null || problem !== null
          ? undefined
          : { version, cipherSuite: socket.getCipher().standardName };
      socket.destroy();
      const [leaf] = chain;
      const certificateSha256 = leaf === undefined ? null : createHash('sha256').update(leaf).digest('hex');
      resolve({ endpoint, address, certificateSha256, problem, chain, ...(protocol && { protocol }) });
    };
    socket.once('secureConnect', () => {
      const chain = chainFrom(socket.getPeerCertificate(true));
      answer(chain, chain.length === 0 ? 'serves no certificate' : null);
    });
    socket.once('timeout', () => answer([], `did not answer within ${TIMEOUT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      answer([], `cannot be reached (${error.code ?? error.message})`),
    );
  });
}

/** Nobody sends more; and Node links a root to itself. */
const LONGEST_CHAIN = 20;

function chainFrom(leaf: DetailedPeerCertificate): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next?.raw !== undefined && chain.length < LONGEST_CHAIN) {
    const { raw }: DetailedPeerCertificate = next;
    if (chain.some((each) => raw.equals(each))) break;
    chain.push(new Uint8Array(raw));
    next = next.issuerCertificate;
  }
  return chain;
}

/** Connects by TLS to every address of the endpoint's name (`host:port`). Never throws for an endpoint that is down. */
export async function probeEndpoint(
  endpoint: string,
  signal: AbortSignal,
): Promise<readonly EndpointAnswer[]> {
  const { host, port } = splitEndpoint(endpoint);
  try {
    const addresses =
      isIP(host) !== 0 ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
    return await Promise.all(
      addresses.slice(0, MAX_ADDRESSES).map(async (address) => {
        const answer = await ask(host, address, port, endpoint, signal);
        // One alone has no order.
        if (answer.chain.length < 2) return answer;
        const servername = isIP(host) === 0 ? { servername: host } : {};
        const sent = await sentChain({ address, port, ...servername }, signal);
        return sent === undefined ? answer : { ...answer, sent };
      }),
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no address';
    const problem = `cannot be resolved (${code})`;
    return [{ endpoint, address: host, certificateSha256: null, problem, chain: [] }];
  }
}

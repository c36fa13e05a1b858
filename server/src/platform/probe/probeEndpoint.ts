import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';

/** What one address of an endpoint serves. */
export interface EndpointAnswer {
  readonly endpoint: string;
  readonly address: string;
  /** Hex SHA-256 of the certificate that it serves; null when it serves none. */
  readonly certificateSha256: string | null;
  readonly problem: string | null;
  /** What was agreed on with it, such as `TLSv1.3` and `TLS_AES_256_GCM_SHA384`. */
  readonly protocol?: { readonly version: string; readonly cipherSuite: string };
}

const TIMEOUT_MS = 5_000;
const MAX_ADDRESSES = 16;

function splitEndpoint(endpoint: string): { readonly host: string; readonly port: number } {
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
    const answer = (certificateSha256: string | null, problem: string | null) => {
      const version = socket.getProtocol();
      const protocol =
        version === null || problem !== null
          ? undefined
          : { version, cipherSuite: socket.getCipher().standardName };
      socket.destroy();
      resolve({ endpoint, address, certificateSha256, problem, ...(protocol && { protocol }) });
    };
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      if (raw === undefined) answer(null, 'serves no certificate');
      else answer(createHash('sha256').update(raw).digest('hex'), null);
    });
    socket.once('timeout', () => answer(null, `did not answer within ${TIMEOUT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      answer(null, `cannot be reached (${error.code ?? error.message})`),
    );
  });
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
      addresses.slice(0, MAX_ADDRESSES).map((address) => ask(host, address, port, endpoint, signal)),
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no address';
    return [{ endpoint, address: host, certificateSha256: null, problem: `cannot be resolved (${code})` }];
  }
}

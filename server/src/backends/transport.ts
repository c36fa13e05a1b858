/**
 * The one HTTP transport of all backends. What it does not do is the point: it reads no environment variable (no proxy,
 * no extra CA, no switch that turns TLS checks off), follows no redirect to another origin, and waits for nothing for
 * ever. Failures are `BackendError`s that say whether the server may have acted.
 */
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, rootCertificates } from 'node:tls';
import { decodePem } from '../core/credential/pem.ts';
import type { Secret } from '../core/secret.ts';
import { BackendError } from './errors.ts';
import { exchange } from './transport/exchange.ts';
import { addressRefused, guardedLookup } from './transport/guardedLookup.ts';
import { retryAfterSeconds } from './transport/retryAfter.ts';

export interface TransportOptions {
  /** How the backend is called to a person. */
  readonly name: string;
  /** `https://host:port`, with a path in front of all others where a server needs one. Plain HTTP on loopback alone. */
  readonly address: string;
  /** PEM certificates that alone are trusted; left out: those that Node ships with. */
  readonly ca?: string;
  /**
   * What is asked for is signed, and no credential goes along: lists and answers about revocations come over plain HTTP, from
   * wherever (RFC 5280, 4.2.1.13).
   */
  readonly signedContent?: boolean;
  /** Why no connection may go to an IP address; asked for each that the name leads to, when it is connected to. */
  readonly refuse?: AddressRefusal;
  /** Shown to a server that asks for a client certificate; PEM. */
  readonly client?: { readonly certificate: string; readonly privateKey: Secret<string> };
  readonly limits?: Partial<TransportLimits>;
}

/** Undefined: it may be connected to. */
export type AddressRefusal = (address: string) => string | undefined;

export interface TransportLimits {
  /** Until the connection stands, TLS included. */
  readonly connectMilliseconds: number;
  /** From the call to the last byte of the answer, waiting for a server that asks for it included. */
  readonly totalMilliseconds: number;
  /** Of one answer's body. */
  readonly maximumBytes: number;
  /** Connections at the same time; further calls wait. */
  readonly connections: number;
}

const LIMITS: TransportLimits = {
  connectMilliseconds: 10_000,
  totalMilliseconds: 60_000,
  maximumBytes: 64 * 1024 * 1024,
  connections: 32,
};

export interface HttpRequest {
  /** `GET`, `POST`, … or a verb of the product, such as `LIST`. */
  readonly method: string;
  /** Behind the address, encoded already; begins with a slash. */
  readonly path: string;
  /** Values may be secret; they go to the address's own origin alone. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Whether sending it twice does the same as once: such a call may be repeated, and leaves no doubt behind. */
  readonly repeatable: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Transport {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Gives every answer of the server, whatever its status; throws where there was none that could be read. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** When the certificate ends that the server showed last; ISO 8601. Undefined before a TLS connection. */
  serverCertificateEnd(): string | undefined;
  close(): void;
}

/** Redirects within the origin, and calls that a busy server asked to repeat. */
const MOST_REDIRECTS = 3;
const MOST_ATTEMPTS = 4;

export function openTransport(options: TransportOptions): Transport {
  const { name } = options;
  const limits = { ...LIMITS, ...options.limits };
  const base = readAddress(options);
  const agent = agentFor(base, options, limits);
  let certificateEnd: string | undefined;
  const onServerCertificate = (validTo: string): void => {
    const end = Date.parse(validTo);
    if (!Number.isNaN(end)) certificateEnd = new Date(end).toISOString();
  };

  async function once(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    let target = request;
    for (let redirects = 0; ; redirects++) {
      const response = await exchange({ name, base, agent, limits, onServerCertificate }, target, signal);
      const next = redirected(response, target, base);
      if (next === undefined) return response;
      if (typeof next === 'string') throw elsewhere(name, base, next, response.status);
      if (redirects === MOST_REDIRECTS) throw tooManyRedirects(name);
      target = next;
    }
  }

  return {
    origin: base.origin,
    async send(request, signal) {
      signal.throwIfAborted();
      const until = performance.now() + limits.totalMilliseconds;
      for (let attempt = 1; ; attempt++) {
        const response = await once(request, signal);
        const wait = retryAfterSeconds(response);
        const fits = wait !== undefined && performance.now() + wait * 1000 < until;
        if (!fits || attempt === MOST_ATTEMPTS) return response;
        await sleep(wait * 1000, undefined, { signal });
      }
    },
    serverCertificateEnd: () => certificateEnd,
    close: () => agent.destroy(),
  };
}

function readAddress({ name, address, signedContent = false, refuse: refusal }: TransportOptions): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const refuse = (why: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what: `the address of ${name} ${why}`, hint });
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw refuse('is no HTTPS address', 'write it as https://vault.example.com:8200');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw refuse('holds more than host, port and path', 'leave out user, password, query and fragment');
  if (url.protocol === 'http:' && !signedContent && !isLoopback(url.hostname))
    throw refuse(
      'is plain HTTP, which shows every credential to the network',
      'use https://; plain HTTP is taken for this very machine alone (127.0.0.1, localhost)',
    );
  // A name is asked about when it is connected to; what is an address already is never looked up.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  const why = isIP(literal) === 0 ? undefined : refusal?.(literal);
  if (why !== undefined) throw addressRefused(name, url.origin, why);
  return url;
}

/** Names and addresses that never leave this machine. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function agentFor(base: URL, options: TransportOptions, limits: TransportLimits): http.Agent {
  const pool = {
    keepAlive: true,
    maxSockets: limits.connections,
    scheduling: 'lifo',
    ...(options.refuse && { lookup: guardedLookup(options.refuse) }),
  } as const;
  if (base.protocol === 'http:') return new http.Agent(pool);
  const { ca, client } = options;
  try {
    if (ca !== undefined && !decodePem(ca).some(({ label }) => label === 'CERTIFICATE'))
      throw new Error('there is no certificate in it');
    // Made once: reading a hundred roots anew costs more than the connection that they are for.
    const secureContext = createSecureContext({
      ca: ca ?? [...rootCertificates],
      ...(client && { cert: client.certificate, key: client.privateKey.reveal() }),
      minVersion: 'TLSv1.2',
    });
    // Said outright, for NODE_TLS_REJECT_UNAUTHORIZED decides where it is left out.
    return new https.Agent({ ...pool, secureContext, rejectUnauthorized: true });
  } catch (cause) {
    throw new BackendError({
      kind: 'invalid-request',
      what: `the ${client === undefined ? 'CA' : 'CA or the client certificate'} for ${options.name} cannot be read`,
      hint: 'give PEM: certificates for the CA, a certificate and its private key without a password for the login',
      cause,
    });
  }
}

/** What to ask next; the text of an address that is refused; undefined: it is no redirect. */
function redirected(
  response: HttpResponse,
  request: HttpRequest,
  base: URL,
): HttpRequest | string | undefined {
  const { location } = response.headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  if (!URL.canParse(location, base.href)) return 'an address that cannot be read';
  const to = new URL(location, new URL(request.path, base).href);
  if (to.origin !== base.origin) return to.origin;
  const path = `${to.pathname}${to.search}`;
  if (response.status >= 307 || request.method === 'GET')
    return { ...request, path: withoutPrefix(path, base) };
  return response.status === 303
    ? {
        method: 'GET',
        path: withoutPrefix(path, base),
        repeatable: true,
        ...(request.headers && { headers: request.headers }),
      }
    : 'the same server with another method';
}

function withoutPrefix(path: string, base: URL): string {
  const prefix = base.pathname.replace(/\/$/, '');
  return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

function elsewhere(name: string, base: URL, to: string, status: number): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: `${name} (${base.origin}) sends its callers on to ${to} (status ${status}), where no credential of it may go`,
    hint: 'if that is its right address now, write it into the manifest and confirm it with idac login',
  });
}

function tooManyRedirects(name: string): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `${name} sends its callers in a circle (${MOST_REDIRECTS} redirects)`,
    hint: 'look at the server, or at the proxy before it',
  });
}

import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';
import { BackendError } from '../errors.ts';
import type { HttpRequest, HttpResponse, TransportLimits } from '../transport.ts';
import { addressRefused, REFUSED_ADDRESS } from './guardedLookup.ts';

interface Place {
  readonly name: string;
  readonly base: URL;
  readonly agent: http.Agent;
  readonly limits: TransportLimits;
  /** Told of each new TLS connection: when the certificate ends that the server showed. */
  readonly onServerCertificate: (validTo: string) => void;
}

/** A connection that the server closed while it lay idle is no failure: the call is made once more on a new one. */
const MOST_STALE = 2;

/** One request, one answer. */
export async function exchange(
  place: Place,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  // One signal may stand for a thousand calls at a time; each takes its listener away again.
  setMaxListeners(0, signal);
  for (let stale = 0; ; stale++) {
    const outcome = await attempt(place, request, signal);
    if ('status' in outcome) return outcome;
    if (!outcome.stale || stale === MOST_STALE || signal.aborted) throw outcome.error;
  }
}

interface Failed {
  readonly error: BackendError;
  /** It may be tried again at once. */
  readonly stale: boolean;
}

type Reason =
  | { readonly why: 'aborted' }
  | { readonly why: 'no-connection' | 'no-answer'; readonly milliseconds: number }
  | { readonly why: 'too-large' }
  | { readonly why: 'broken'; readonly cause: Error };

function attempt(place: Place, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse | Failed> {
  const { base, agent, limits } = place;
  const { method, body } = request;
  return new Promise((resolve) => {
    let sent = false;
    let ended = false;
    const call = (base.protocol === 'https:' ? https : http).request({
      agent,
      protocol: base.protocol,
      host: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port,
      path: `${base.pathname.replace(/\/$/, '')}${request.path}`,
      method,
      headers: {
        Accept: '*/*',
        ...request.headers,
        ...(body === undefined ? {} : { 'Content-Length': String(body.length) }),
      },
    });
    const end = (outcome: HttpResponse | Failed): void => {
      if (ended) return;
      ended = true;
      clearTimeout(connecting);
      clearTimeout(answering);
      signal.removeEventListener('abort', giveUp);
      resolve(outcome);
    };
    const fail = (reason: Reason): void => {
      if (ended) return;
      const stale =
        reason.why === 'broken' &&
        call.reusedSocket &&
        isReset(reason.cause) &&
        (request.repeatable || !sent);
      end({ error: failure(place, request, reason, sent), stale });
      call.destroy();
    };
    const giveUp = (): void => fail({ why: 'aborted' });
    let connecting: NodeJS.Timeout | undefined;
    const answering = setTimeout(
      () => fail({ why: 'no-answer', milliseconds: limits.totalMilliseconds }),
      limits.totalMilliseconds,
    );
    signal.addEventListener('abort', giveUp);

    // Only now: a call may have waited for a free connection before.
    call.on('socket', (socket) => {
      if (call.reusedSocket || ended) return;
      const milliseconds = limits.connectMilliseconds;
      connecting = setTimeout(() => fail({ why: 'no-connection', milliseconds }), milliseconds);
      const connected = (): void => {
        clearTimeout(connecting);
        if (!(socket instanceof TLSSocket)) return;
        const { valid_to: validTo } = socket.getPeerCertificate();
        // A resumed session may show none again.
        if (typeof validTo === 'string') place.onServerCertificate(validTo);
      };
      socket.once(base.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
    });
    // From here on the server may have all of it.
    call.on('finish', () => {
      sent = true;
    });
    call.on('error', (cause) => fail({ why: 'broken', cause }));
    call.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > limits.maximumBytes) fail({ why: 'too-large' });
      });
      answer.on('error', (cause) => fail({ why: 'broken', cause }));
      answer.on('end', () =>
        end({
          status: answer.statusCode ?? 0,
          headers: headersOf(answer),
          body: new Uint8Array(Buffer.concat(chunks)),
        }),
      );
    });
    call.end(body);
  });
}

function headersOf({ headers }: http.IncomingMessage): HttpResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function isReset(cause: Error): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(codeOf(cause));
}

function codeOf(cause: Error): string {
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

const NOT_TRUSTED =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;

function failure(
  { name, base, limits }: Place,
  request: HttpRequest,
  reason: Reason,
  sent: boolean,
): BackendError {
  const doubt = sent && !request.repeatable;
  const place = `${name} (${base.origin})`;
  const unreachable = (what: string, hint: string, options: { cause?: Error; retryable?: boolean } = {}) =>
    new BackendError({
      kind: 'unreachable',
      what,
      hint: doubt ? `${hint}; it may have acted before that` : hint,
      retryable: true,
      mayHaveActed: doubt,
      ...options,
    });
  switch (reason.why) {
    case 'aborted':
      return new BackendError({
        kind: 'interrupted',
        what: `the call to ${place} was cancelled`,
        hint: doubt
          ? 'it may have acted before that: look before you try again'
          : 'run it again when you like',
        retryable: true,
        mayHaveActed: doubt,
      });
    case 'no-connection':
      return unreachable(
        `${place} takes no connection: none stood after ${seconds(reason.milliseconds)}`,
        'check that it runs, and that this network leads there',
      );
    case 'no-answer':
      return unreachable(
        `${place} did not answer within ${seconds(reason.milliseconds)}`,
        'look at the server, then try again',
      );
    case 'too-large':
      return new BackendError({
        kind: 'corrupt',
        what: `the answer of ${place} is longer than ${limits.maximumBytes} bytes, more than any call here expects`,
        hint: 'check that this is the right address, and look at the server',
        mayHaveActed: doubt,
      });
    case 'broken':
      return broken(reason.cause, { name, base }, unreachable, doubt);
    default:
      return reason satisfies never;
  }
}

function broken(
  cause: Error,
  { name, base }: Pick<Place, 'name' | 'base'>,
  unreachable: (what: string, hint: string, options: { cause: Error; retryable?: boolean }) => BackendError,
  doubt: boolean,
): BackendError {
  const code = codeOf(cause);
  const place = `${name} (${base.origin})`;
  if (NOT_TRUSTED.test(code))
    return unreachable(
      `${place} shows a certificate that is not trusted: ${cause.message} (${code})`,
      'if it has a CA of its own, name that in spec.ca; else look who answers there',
      { cause, retryable: false },
    );
  if (code.startsWith('HPE_'))
    return new BackendError({
      kind: 'corrupt',
      what: `what answers at ${place} speaks no HTTP: ${cause.message}`,
      hint: 'check the address and its port',
      cause,
      mayHaveActed: doubt,
    });
  if (code === REFUSED_ADDRESS) return addressRefused(name, base.origin, cause.message);
  switch (code) {
    case 'ECONNREFUSED':
      return unreachable(
        `nothing answers at ${place}: connection refused`,
        'check the address, and that the server runs',
        {
          cause,
        },
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(
        `the name in ${place} is not known (${code})`,
        'check the address and the name service',
        { cause },
      );
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return unreachable(
        `no TLS connection with ${place}: ${cause.message}`,
        'check that the address is the one of its TLS listener, and its certificate and protocol',
        { cause, retryable: false },
      );
    default:
      return unreachable(
        `the connection with ${place} broke: ${cause.message}`,
        'check the network and the server, then try again',
        { cause },
      );
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} seconds`;
}

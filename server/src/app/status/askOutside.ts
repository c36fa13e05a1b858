/**
 * Places that certificates and lists name are asked here, because somebody wanted it. Whoever made a certificate chose them, and
 * a certificate may lie in anybody's repository: only the public network is asked, unless a host was named by the person; and
 * a run ends, however many there are and however slowly they answer.
 */
import { BackendError } from '../../backends/errors.ts';
import { notPublic } from '../../backends/transport/publicAddress.ts';
import { openTransport, type TransportLimits } from '../../backends/transport.ts';

export interface OutsideQuestion {
  readonly url: string;
  /** What is asked for, for a message. */
  readonly name: string;
  readonly largest: number;
  /** Makes it a POST. */
  readonly body?: { readonly type: string; readonly bytes: Uint8Array };
}

export type Told =
  | { readonly kind: 'told'; readonly body: Uint8Array }
  | {
      readonly kind: 'silent';
      readonly why: string;
      /** It answered, with this status of HTTP. */
      readonly status?: number;
    };

export interface Outside {
  ask(question: OutsideQuestion, signal: AbortSignal): Promise<Told>;
}

/** For one run of a command. */
const MOST_QUESTIONS = 200;
const LONGEST_MS = 120_000;
const LIMITS: Partial<TransportLimits> = {
  connectMilliseconds: 5_000,
  totalMilliseconds: 15_000,
  connections: 2,
};

/** `hosts`: `HOST` or `HOST:PORT` that may be asked although they stand in a network of their own. */
export function openOutside({ hosts }: { readonly hosts: readonly string[] }): Outside {
  const named = new Set(hosts.map((host) => host.toLowerCase()));
  const deaf = new Map<string, string>();
  let asked = 0;
  let spent = 0;
  return {
    async ask(question, signal) {
      const silent = (why: string): Told => ({ kind: 'silent', why });
      const url = URL.canParse(question.url) ? new URL(question.url) : undefined;
      if (url === undefined) return silent('its address cannot be read');
      const before = deaf.get(url.origin);
      if (before !== undefined) return silent(before);
      if (asked >= MOST_QUESTIONS)
        return silent(`it is not asked: ${MOST_QUESTIONS} others were in this run`);
      if (spent >= LONGEST_MS)
        return silent(`it is not asked: others took ${LONGEST_MS / 1000} seconds in this run`);
      asked += 1;
      const begin = performance.now();
      try {
        return await once(question, url, named.has(url.hostname) || named.has(url.host), signal);
      } catch (error) {
        if (!(error instanceof BackendError) || error.kind === 'interrupted') throw error;
        if (error.kind === 'unreachable' || error.kind === 'forbidden') deaf.set(url.origin, error.what);
        return silent(error.what);
      } finally {
        spent += performance.now() - begin;
      }
    },
  };
}

async function once(
  { name, largest, body }: OutsideQuestion,
  url: URL,
  isNamed: boolean,
  signal: AbortSignal,
): Promise<Told> {
  const transport = openTransport({
    name,
    address: url.origin,
    signedContent: true,
    limits: { ...LIMITS, maximumBytes: largest },
    ...(isNamed ? {} : { refuse: notPublic }),
  });
  try {
    const response = await transport.send(
      {
        method: body === undefined ? 'GET' : 'POST',
        path: `${url.pathname}${url.search}`,
        repeatable: true,
        ...(body === undefined ? {} : { body: body.bytes, headers: { 'Content-Type': body.type } }),
      },
      signal,
    );
    const { status } = response;
    if (status === 200) return { kind: 'told', body: response.body };
    return { kind: 'silent', status, why: `${name} (${url.origin}) answers with status ${status}` };
  } finally {
    transport.close();
  }
}

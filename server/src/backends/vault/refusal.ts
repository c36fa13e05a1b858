import { BackendError, type BackendErrorKind } from '../errors.ts';
import { askedToWait } from '../transport/retryAfter.ts';
import type { HttpResponse } from '../transport.ts';

export interface RefusedCall {
  readonly name: string;
  /** Below `/v1/`. */
  readonly path: string;
  /** Whether it was to change something. */
  readonly acting: boolean;
}

/** What the server may say at most in our message; its text never holds what it was sent beside names. */
const LONGEST_REASON = 300;

/** The error for a status that is no success; `errors` is the list in the answer's body. */
export function refused(call: RefusedCall, response: HttpResponse, errors: readonly string[]): BackendError {
  const { name, path, acting } = call;
  const { status } = response;
  const said = saidBy(errors);
  const text = errors.join(' ').toLowerCase();
  const error = (
    kind: BackendErrorKind,
    what: string,
    hint: string,
    options: { retryable?: boolean; mayHaveActed?: boolean } = {},
  ): BackendError => new BackendError({ kind, what, hint, ...options });

  if (status === 503 && text.includes('sealed'))
    return error(
      'locked',
      `${name} is sealed: it can open none of its keys`,
      'have it unsealed (`bao operator unseal`), then run this again',
      {
        retryable: true,
      },
    );
  if (status === 429 || status === 503) {
    const wait = askedToWait(response);
    const after = wait === undefined ? 'a little later' : `in ${wait} seconds`;
    return error(
      'rate-limited',
      `${name} takes no more calls at present (status ${status})${said}`,
      `run it again ${after}, or ask for a higher quota`,
      { retryable: true },
    );
  }
  if (status === 401 || (status === 403 && text.includes('invalid token')))
    return error(
      'unauthenticated',
      `${name} does not take the login: it has expired or was revoked${said}`,
      `log in again: idac login ${name}`,
    );
  if (status === 403)
    return error(
      'forbidden',
      `the login at ${name} may not use ${path}${said}`,
      'ask for a policy that allows it; docs/backends/vault.md has the smallest one',
    );
  if (text.includes('namespace not found'))
    return error(
      'not-found',
      `${name} has no such namespace${said}`,
      'correct spec.namespace, as `bao namespace list` in the one above shows it; left out, it is the root namespace',
    );
  if (status === 404 && text.includes('no handler for route'))
    return error(
      'unsupported',
      `${name} has nothing mounted at ${path}`,
      'check the mount that the manifest names, and the namespace',
    );
  if (status === 405 || text.includes('unsupported operation') || text.includes('unsupported path'))
    return error(
      'unsupported',
      `${name} does not offer this at ${path}${said}`,
      'check the mount that the manifest names: it is of another type or version',
    );
  if (status === 404)
    return error('not-found', `${name} has nothing at ${path}${said}`, 'check the name in the manifest');
  if (status >= 400 && status < 500)
    return error(
      'invalid-request',
      `${name} refuses the call to ${path} (status ${status})${said}`,
      'correct what it names, then run it again',
    );
  if (status === 502 || status === 504)
    return error(
      'unreachable',
      `the server behind ${name} does not answer its proxy (status ${status})${said}`,
      'look at the server, then try again',
      {
        retryable: true,
        mayHaveActed: acting,
      },
    );
  return error(
    'internal',
    `${name} failed at ${path} (status ${status})${said}`,
    "look into the server's log, then try again",
    {
      retryable: status >= 500,
      mayHaveActed: acting,
    },
  );
}

function saidBy(errors: readonly string[]): string {
  const text = errors
    .join('; ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a server's words go to a terminal.
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
  if (text === '') return '';
  return `: ${text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text}`;
}

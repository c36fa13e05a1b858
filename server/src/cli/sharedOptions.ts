import { UsageError } from '../app/failure.ts';
import type { OutsideOptions } from '../app/status/openOutsideSources.ts';
import type { Options } from './command.ts';

/** Options that several commands have, said once so that they mean the same everywhere. */
export const ROOT = {
  root: { type: 'value', short: 'C', value: 'DIR', describe: 'work as if started in DIR' },
} as const satisfies Options;

export const TEXT_OR_JSON = {
  format: {
    type: 'value',
    value: 'FORMAT',
    choices: ['text', 'json'],
    default: 'text',
    describe: 'what is printed',
  },
} as const satisfies Options;

export const NOW = {
  now: {
    type: 'value',
    value: 'ISO-8601',
    describe: 'the time that decides what is expired, such as 2030-01-01T00:00:00Z',
  },
} as const satisfies Options;

export const FAIL_ON = {
  'fail-on': {
    type: 'value',
    value: 'SEVERITY',
    choices: ['error', 'warning', 'info'],
    default: 'error',
    describe: 'exit 1 when a finding is at least this severe',
  },
} as const satisfies Options;

export const POLICY = {
  policy: {
    type: 'list',
    value: 'REF',
    describe:
      'policies that hold besides, and that the project cannot loosen: a file, a folder, pack:NAME, FILE.tgz#sha256=DIGEST, git+URL#COMMIT:PATH',
  },
} as const satisfies Options;

export const BLOCKLIST = {
  blocklist: {
    type: 'value',
    value: 'DIR',
    describe:
      'compromised keys to look for, in the format of badkeys: the folder with blocklist.dat (instead of IDAC_BLOCKLIST)',
  },
} as const satisfies Options;

/** Of a repository it is never taken: it is read from where it says. */
export function blockListOf(
  { blocklist }: { readonly blocklist: string | undefined },
  environment: NodeJS.ProcessEnv,
): { readonly blockList?: string } {
  const blockList = blocklist ?? environment['IDAC_BLOCKLIST'];
  return blockList === undefined || blockList === '' ? {} : { blockList };
}

export const FETCH = {
  fetch: {
    type: 'flag',
    describe:
      'ask what the certificates name whether they were revoked (OCSP, lists), and for authorities that are missing; what is told is kept until it names a later one',
  },
  'fetch-from': {
    type: 'list',
    value: 'HOST[:PORT]',
    describe: 'with --fetch: may be asked although it stands on this machine or in a network of its own',
  },
  refresh: { type: 'flag', describe: 'with --fetch: nothing that was kept counts' },
} as const satisfies Options;

/** Undefined: nobody is asked. */
export function outsideOf(options: {
  readonly fetch: boolean;
  readonly 'fetch-from': readonly string[];
  readonly refresh: boolean;
}): OutsideOptions | undefined {
  const { fetch, 'fetch-from': hosts, refresh } = options;
  if (fetch) return { hosts, refresh };
  if (hosts.length === 0 && !refresh) return undefined;
  throw new UsageError(
    `--${refresh ? 'refresh' : 'fetch-from'} belongs to --fetch`,
    'Nobody is asked without --fetch.',
  );
}

export const SELECTOR = {
  selector: {
    type: 'value',
    short: 'l',
    value: 'KEY=VALUE,…',
    describe: 'identities whose labels match: key=value, key!=value, key, !key, joined by commas',
  },
} as const satisfies Options;

export const MACHINE = {
  machine: {
    type: 'value',
    value: 'NAME',
    describe: "only this machine's share; the other machines keep theirs as it is",
  },
} as const satisfies Options;

export const PASSPHRASE_FILE = {
  'passphrase-file': {
    type: 'value',
    value: 'FILE',
    describe: 'read the passphrase of the key store from FILE (instead of IDAC_PASSPHRASE or a prompt)',
  },
} as const satisfies Options;

/** Why actions have no --now. */
export const NOW_REFUSED = {
  now: 'Only commands that read take --now. An action always runs at the real time.',
} as const;

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** The clock that `--now` sets; a date alone is midnight in UTC. Undefined: the real one. */
export function clockOf(now: string | undefined, option = 'now'): { now(): Date } | undefined {
  if (now === undefined) return undefined;
  const instant = INSTANT.test(now) ? new Date(now) : undefined;
  if (instant === undefined || Number.isNaN(instant.getTime())) {
    throw new UsageError(
      `--${option} cannot be "${now}"`,
      'Write a time with its zone, such as 2030-01-01T00:00:00Z.',
    );
  }
  return { now: () => new Date(instant) };
}

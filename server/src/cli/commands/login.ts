import type { Logins, Project, SealStatus, Unlock } from '../../app/api.ts';
import { EXIT, type ExitCode, UsageError, worstExit } from '../../app/failure.ts';
import { readPassphraseFile } from '../../app/unlock.ts';
import { formatInstant } from '../../core/text/instant.ts';
import { command, type Invocation } from '../command.ts';
import { CREDENTIAL_OPTIONS, givesCredentials } from '../login/credentials.ts';
import { type SignedIn, signIn } from '../login/signIn.ts';
import { failureLines } from '../output/failureText.ts';
import { json } from '../output/json.ts';
import { type Line, line, paragraph, span } from '../output/text.ts';
import { ask, askHidden } from '../prompt.ts';
import { PASSPHRASE_FILE, ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { givenUnlock, unlockFor } from '../unlock.ts';
import { lend } from '../withProject.ts';

const OPTIONS = {
  change: {
    type: 'flag',
    describe: 'set another passphrase; the one of before no longer opens the key store',
  },
  'new-passphrase-file': {
    type: 'value',
    value: 'FILE',
    describe: 'with --change: read the new passphrase from FILE instead of asking for it',
  },
  yes: { type: 'flag', short: 'y', describe: "confirm the backend's address without asking" },
  ...CREDENTIAL_OPTIONS,
  forget: { type: 'flag', describe: 'erase the login that is kept for BACKEND' },
  ...TEXT_OR_JSON,
  ...PASSPHRASE_FILE,
  ...ROOT,
} as const;

type LoginInvocation = Invocation<typeof OPTIONS>;
type Passphrase = Extract<Unlock, { how: 'passphrase' }>;

export const login = command({
  name: 'login',
  summary: 'set the passphrase of the key store, confirm the address of a backend, log in to it',
  details:
    'The first passphrase encrypts the key store of your user account, which all projects share. With BACKEND, the address that its manifest points to now is confirmed for this folder: a manifest that changes it later is not obeyed until it is confirmed again. A backend that wants a login is asked with the method that its manifest names; what you give is kept sealed for that address alone.',
  operands: { usage: '[BACKEND]', minimum: 0, maximum: 1 },
  examples: [
    'idac login',
    'idac login internal-ca',
    'idac login vault-prod --field role_id=… --field-file secret_id=FILE',
    'idac login --change',
  ],
  options: OPTIONS,
  async run(invocation) {
    const [backend] = invocation.operands;
    if (invocation.options['new-passphrase-file'] !== undefined && !invocation.options.change) {
      throw new UsageError(
        '--new-passphrase-file needs --change',
        'The first passphrase comes from --passphrase-file.',
      );
    }
    if (backend === undefined && (invocation.options.forget || givesCredentials(invocation)))
      throw new UsageError('For which backend?', 'Name it: idac login BACKEND …');
    const before = await lend(invocation, {}, { how: 'none' }, async (project) => {
      if (backend !== undefined && !invocation.options.forget)
        await needsDeclared(project, backend, invocation.signal);
      return project.logins.peek();
    });
    const unlock = before.encrypted
      ? await unlockFor(invocation, invocation.options['passphrase-file'], before)
      : NONE;
    return lend(invocation, {}, unlock, async (project) => {
      const seal = before.encrypted
        ? await changed(project.logins, before, invocation)
        : await encrypted(project.logins, before, invocation);
      if (backend !== undefined && invocation.options.forget) {
        await project.logins.forget(backend);
        printForgotten(backend, invocation);
        return EXIT.clean;
      }
      const confirmed =
        backend === undefined ? undefined : await confirmAddress(project, backend, invocation);
      const signedIn =
        confirmed?.confirmed === true ? await signIn(project, confirmed.backend, invocation) : undefined;
      print(seal, confirmed, signedIn, invocation);
      return worstExit([confirmed?.exitCode ?? EXIT.clean, signedIn?.exitCode ?? EXIT.clean]);
    });
  },
});

/** Before a passphrase is asked for: there is no address to log in to. */
async function needsDeclared(project: Project, name: string, signal: AbortSignal): Promise<void> {
  const declared = (await project.backends(signal)).map((each) => each.backend).sort();
  if (declared.includes(name)) return;
  throw new UsageError(
    `No manifest declares a backend ${name}`,
    declared.length === 0 ? 'Declare it first.' : `Declare it, or name one of: ${declared.join(', ')}.`,
  );
}

const NONE: Unlock = { how: 'none' };

/** The first passphrase: what was given, or typed twice. Without one the store stays as it is, and that is said. */
async function encrypted(
  logins: Logins,
  before: SealStatus,
  invocation: LoginInvocation,
): Promise<SealStatus> {
  const { environment, options, terminal } = invocation;
  if (options.change)
    throw new UsageError('There is no passphrase to change yet', 'Leave --change out to set the first one.');
  const given = await givenUnlock(environment, options['passphrase-file']);
  if (given.how !== 'none') return logins.addUnlock(given);
  return terminal.interactive ? logins.addUnlock(await typedTwice(invocation)) : before;
}

/** Opens the store, which proves the passphrase; with `--change` another one takes its place. */
async function changed(logins: Logins, before: SealStatus, invocation: LoginInvocation): Promise<SealStatus> {
  const { options } = invocation;
  if (!options.change) return logins.seal();
  const file = options['new-passphrase-file'];
  const next: Passphrase =
    file === undefined
      ? await typedTwice(invocation)
      : { how: 'passphrase', passphrase: await readPassphraseFile(file) };
  let seal = await logins.addUnlock(next);
  for (const slot of before.slots) if (slot.how === 'passphrase') seal = await logins.removeUnlock(slot.id);
  return seal;
}

async function typedTwice({ terminal, signal }: LoginInvocation): Promise<Passphrase> {
  if (!terminal.interactive) {
    throw new UsageError(
      'No terminal to ask for the new passphrase',
      'Give it with --new-passphrase-file FILE.',
    );
  }
  for (;;) {
    const first = await askHidden('New passphrase of the key store:', signal);
    const second = first === undefined ? undefined : await askHidden('The same once more:', signal);
    if (first === undefined || second === undefined) throw new UsageError('No passphrase was set', '');
    if (first.reveal() === '')
      terminal.err([line(span('It is empty. Several words make a good one.', 'warning'))]);
    else if (first.reveal() === second.reveal()) return { how: 'passphrase', passphrase: first };
    else terminal.err([line(span('The two are not the same.', 'warning'))]);
  }
}

interface Confirmed {
  readonly backend: string;
  readonly type: string;
  readonly address: string;
  readonly confirmed: boolean;
  readonly exitCode: ExitCode;
}

async function confirmAddress(
  { logins }: Project,
  backend: string,
  { options, terminal, signal }: LoginInvocation,
): Promise<Confirmed> {
  const binding = await logins.backend(backend);
  const { type, address, confirmed, current } = binding;
  const answer = { backend, type, address };
  if (current) return { ...answer, confirmed: true, exitCode: EXIT.clean };
  if (!options.yes && !terminal.interactive) {
    terminal.err(
      failureLines(
        {
          code: 'refused/needs-confirmation',
          what: `Backend ${backend} points to ${address}, which was not confirmed, and no person is at a terminal.`,
          hint: `If that is meant: idac login ${backend} --yes`,
          exitCode: EXIT.refused,
          retryable: false,
        },
        terminal.columns,
      ),
    );
    return { ...answer, confirmed: false, exitCode: EXIT.refused };
  }
  if (!options.yes) {
    const before =
      confirmed === null ? '' : confirmed === address ? ', with another CA' : ` (it was ${confirmed})`;
    terminal.err([line('Backend ', span(backend, 'strong'), ' points to ', span(address, 'strong'), before)]);
    const typed = await ask('Is that meant? [y/N]', signal);
    if (!/^y(es)?$/i.test(typed?.trim() ?? ''))
      return { ...answer, confirmed: false, exitCode: EXIT.refused };
  }
  await logins.confirm(backend, binding);
  return { ...answer, confirmed: true, exitCode: EXIT.clean };
}

function print(
  seal: SealStatus,
  confirmed: Confirmed | undefined,
  signedIn: SignedIn | undefined,
  { options, terminal }: LoginInvocation,
): void {
  if (options.format === 'json') {
    const { exitCode: _exitCode, ...backend } = confirmed ?? { exitCode: EXIT.clean };
    const { exitCode: _loginCode, ...login } = signedIn ?? { exitCode: EXIT.clean };
    terminal.data(
      json({
        keyStore: seal,
        ...(confirmed === undefined ? {} : { backend }),
        ...(signedIn === undefined ? {} : { login }),
      }),
    );
    return;
  }
  terminal.out(sealText(seal));
  if (confirmed?.confirmed === true) {
    terminal.out([
      line('Backend   ', span(confirmed.backend, 'strong'), ` is confirmed for ${confirmed.address}`),
    ]);
  }
  if (signedIn !== undefined && signedIn.boundAt !== null) {
    const since = formatInstant(signedIn.boundAt);
    terminal.out([
      line('Login     by ', span(signedIn.method, 'strong'), `, kept sealed since ${since}`),
      ...signedIn.told.flatMap((told) => paragraph([span('          ')], told, terminal.columns)),
    ]);
  }
}

function printForgotten(backend: string, { options, terminal }: LoginInvocation): void {
  if (options.format === 'json') terminal.data(json({ forgotten: backend }));
  else terminal.out([line('Login     of ', span(backend, 'strong'), ' is erased here')]);
}

function sealText(seal: SealStatus): readonly Line[] {
  const ways = seal.slots.map((slot) =>
    slot.how === 'key' ? `the key "${slot.keyName ?? ''}" of an editor` : 'a passphrase',
  );
  return [
    line(
      'Key store ',
      seal.encrypted
        ? span(`encrypted, opens with ${[...new Set(ways)].join(' or ')}`, 'good')
        : span(
            'not encrypted: `idac login` at a terminal, or with --passphrase-file, sets a passphrase',
            'warning',
          ),
    ),
    line(span(`          ${seal.folder}`, 'quiet')),
  ];
}

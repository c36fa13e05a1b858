import { randomUUID } from 'node:crypto';
import type { BackendBinding, LoginForm } from '../../app/api.ts';
import { describeFailure } from '../../app/failure.ts';
import { Secret } from '../../core/secret.ts';
import { withProgress } from '../progress.ts';
import type { OpenedProject } from '../projects.ts';
import { type SignInAnswer, type SignInOutcome, SignInRequest } from '../protocol.ts';
import type { Session } from '../session.ts';
import { signInKey } from '../signInOffer.ts';
import { text } from './arguments.ts';
import { type Command, type CommandCall, projectOf, refusedUntrusted } from './command.ts';

type Values = Readonly<Record<string, Secret<string>>>;
type Ending = Omit<SignInOutcome, 'backend'>;

/** Confirms a backend's address with the person, takes a login that is sealed to this session, tries it and keeps it sealed. */
export const login: Command = {
  name: 'idac.login',
  async run(call): Promise<SignInOutcome> {
    const { session, args, signal } = call;
    const backend = text(args, 'backend');
    const refused = refusedUntrusted(session);
    if (refused !== undefined) return ended(session, backend, { ...refused, ok: false });
    const opened = await projectOf(call);
    try {
      const ending = await signIn(call, opened, backend);
      if (ending.ok) {
        session.refusedLogins.delete(signInKey(opened, backend));
        await session.projects.worldChanged(opened);
      }
      return ended(session, backend, ending);
    } catch (error) {
      signal.throwIfAborted();
      const { code, what, hint } = describeFailure(error);
      if (code === 'internal') throw error;
      // The address may be confirmed by now.
      await session.projects.worldChanged(opened);
      return ended(session, backend, { ok: false, code, what, hint });
    }
  },
};

async function signIn(call: CommandCall, { project }: OpenedProject, backend: string): Promise<Ending> {
  const { session, progressToken, signal } = call;
  const { logins } = project;
  const binding = await logins.backend(backend);
  const form = await logins.method(backend);
  if (form === null && binding.current)
    return done(`Backend ${backend} has no login, and ${binding.address} is confirmed for this folder.`);
  if (!session.client.signsIn) {
    return notDone(
      'needs-sign-in',
      `This editor cannot ask for the login of backend ${backend}.`,
      `In a terminal: idac login ${backend}`,
    );
  }
  const question = randomUUID();
  const answer = await ask(session, question, backend, binding, form, signal);
  if (!answer.confirmed)
    return notDone('not-confirmed', `Signing in to ${backend} was given up. Nothing was changed.`, '');
  const values = form === null ? {} : readValues(session, answer, question);
  if (values === undefined) {
    return notDone(
      'not-sealed',
      'What was sent is not sealed to this question.',
      'Read the key of the newest initialize answer, and sign in again.',
    );
  }
  await logins.confirm(backend, binding);
  if (form === null) return done(`Backend ${backend} is confirmed for ${binding.address}.`);
  const told = await withProgress(
    session,
    { title: `Sign in to ${backend}`, token: progressToken, signal },
    (progress) => logins.logIn(backend, values, progress.signal),
  );
  const what = `Signed in to ${backend} at ${binding.address} by ${form.method}; the login is kept sealed.`;
  return done([what, ...told].join(' '));
}

async function ask(
  session: Session,
  question: string,
  backend: string,
  binding: BackendBinding,
  form: LoginForm | null,
  signal: AbortSignal,
): Promise<SignInAnswer> {
  const login = form === null ? null : { method: form.method, title: form.title, fields: form.fields };
  const answer: unknown = await session.client
    .ask(SignInRequest, { question, backend, ...binding, login }, signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      session.client.log(`identity/signIn: ${String(error)}`);
    });
  if (typeof answer !== 'object' || answer === null) return { confirmed: false };
  const { confirmed, sealed } = answer as Readonly<Record<string, unknown>>;
  if (confirmed !== true) return { confirmed: false };
  return isSealed(sealed) ? { confirmed, sealed } : { confirmed };
}

function isSealed(value: unknown): value is NonNullable<SignInAnswer['sealed']> {
  if (typeof value !== 'object' || value === null) return false;
  const { clientPublicKey, iv, sealed } = value as Readonly<Record<string, unknown>>;
  return [clientPublicKey, iv, sealed].every((part) => typeof part === 'string');
}

/** The clear text is a JSON object: a text for each field. An empty one was left out. */
function readValues(session: Session, { sealed }: SignInAnswer, question: string): Values | undefined {
  const clear = sealed === undefined ? undefined : session.sealing.open(sealed, `login\n${question}`);
  if (clear === undefined) return undefined;
  try {
    const given: unknown = JSON.parse(new TextDecoder().decode(clear.reveal()));
    if (typeof given !== 'object' || given === null) return undefined;
    return Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => {
        const trimmed = typeof value === 'string' ? value.trim() : '';
        return trimmed === '' ? [] : [[name, new Secret(trimmed)] as const];
      }),
    );
  } catch {
    return undefined;
  }
}

function done(what: string): Ending {
  return { ok: true, what, hint: '' };
}

function notDone(code: string, what: string, hint: string): Ending {
  return { ok: false, code: `refused/${code}`, what, hint };
}

/** Clients that ask for the login show themselves how it ended. */
function ended(session: Session, backend: string, { ok, code, what, hint }: Ending): SignInOutcome {
  if (!session.client.signsIn) session.client.tell(ok ? 'info' : 'warning', `${what} ${hint}`.trim());
  return { ok, backend, ...(code === undefined ? {} : { code }), what, hint };
}

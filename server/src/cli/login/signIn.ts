import type { Project } from '../../app/api.ts';
import { EXIT, type ExitCode, UsageError } from '../../app/failure.ts';
import type { Surroundings } from '../command.ts';
import { failureLines } from '../output/failureText.ts';
import { givenCredentials, givesCredentials, typedCredentials, waysToGive } from './credentials.ts';

type Invocation = Parameters<typeof givenCredentials>[2] & Surroundings;

export interface SignedIn {
  readonly method: string;
  /** Since when it is kept; null: none is. */
  readonly boundAt: string | null;
  readonly exitCode: ExitCode;
  /** What a person should know of what was given. */
  readonly told: readonly string[];
}

/**
 * The login of a backend whose address is confirmed: what was given, else what is typed, is tried and kept sealed. Undefined
 * where there is nothing to log in to.
 */
export async function signIn(
  { logins }: Project,
  backend: string,
  invocation: Invocation,
): Promise<SignedIn | undefined> {
  const form = await logins.method(backend);
  if (form === null) {
    if (givesCredentials(invocation))
      throw new UsageError(
        `Backend ${backend} has no login`,
        'Leave out --field, --field-file and --from-env.',
      );
    return undefined;
  }
  const { method } = form;
  const { terminal, signal } = invocation;
  const values =
    (await givenCredentials(backend, form, invocation)) ??
    (terminal.interactive ? await typedCredentials(form, invocation) : undefined);
  if (values !== undefined) {
    const told = await logins.logIn(backend, values, signal);
    return { method, boundAt: (await logins.method(backend))?.boundAt ?? null, exitCode: EXIT.clean, told };
  }
  if (form.boundAt !== null) return { method, boundAt: form.boundAt, exitCode: EXIT.clean, told: [] };
  terminal.err(
    failureLines(
      {
        code: 'refused/needs-login',
        what: `Backend ${backend} wants a login by ${method}, and none was given.`,
        hint: waysToGive(backend, form.fields),
        exitCode: EXIT.refused,
        retryable: false,
      },
      terminal.columns,
    ),
  );
  return { method, boundAt: null, exitCode: EXIT.refused, told: [] };
}

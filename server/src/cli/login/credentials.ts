import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoginForm } from '../../app/api.ts';
import { UsageError } from '../../app/failure.ts';
import { alternativesOf, problemOfLogin } from '../../app/loginFields.ts';
import { Secret } from '../../core/secret.ts';
import type { Options, Surroundings } from '../command.ts';
import { ask, askHidden } from '../prompt.ts';

/** How the fields of a login are given without a terminal. */
export const CREDENTIAL_OPTIONS = {
  field: {
    type: 'list',
    value: 'NAME=VALUE',
    describe: 'a field of the login that is no secret; may be given several times',
  },
  'field-file': {
    type: 'list',
    value: 'NAME=FILE',
    describe: 'a field of the login, read from FILE; may be given several times',
  },
  'from-env': {
    type: 'flag',
    describe:
      'take the fields of the login from IDAC_LOGIN_BACKEND_FIELD, or the file in IDAC_LOGIN_BACKEND_FIELD_FILE',
  },
} as const satisfies Options;

type Given = Readonly<Record<string, Secret<string>>>;

interface CredentialInvocation extends Surroundings {
  readonly options: {
    readonly field: readonly string[];
    readonly 'field-file': readonly string[];
    readonly 'from-env': boolean;
  };
}

/** A credential longer than this is another file. */
const LONGEST = 1_000_000;

export function givesCredentials({ options }: CredentialInvocation): boolean {
  return options.field.length > 0 || options['field-file'].length > 0 || options['from-env'];
}

/** What options, files and variables say. Undefined where they say nothing. */
export async function givenCredentials(
  backend: string,
  form: LoginForm,
  invocation: CredentialInvocation,
): Promise<Given | undefined> {
  if (!givesCredentials(invocation)) return undefined;
  const { options, environment, cwd } = invocation;
  const given: Record<string, Secret<string>> = {};
  if (options['from-env']) {
    for (const { name } of form.fields) {
      const variable = variableOf(backend, name);
      const value = environment[variable];
      const file = environment[`${variable}_FILE`];
      if (value !== undefined && value !== '') given[name] = new Secret(value);
      else if (file !== undefined && file !== '') given[name] = await readCredential(path.resolve(cwd, file));
    }
  }
  for (const text of options.field) {
    const { name, rest } = split(form, text, '--field', 'VALUE');
    if (form.fields.find((field) => field.name === name)?.secret === true)
      throw new UsageError(
        `${name} is a secret, and other users of this machine can read a command line`,
        `Put it into a file: --field-file ${name}=FILE`,
      );
    given[name] = new Secret(rest);
  }
  for (const text of options['field-file']) {
    const { name, rest } = split(form, text, '--field-file', 'FILE');
    given[name] = await readCredential(path.resolve(cwd, rest));
  }
  const problem = problemOfLogin(form.fields, (name) => given[name] !== undefined);
  if (problem === undefined) return given;
  if (problem.is === 'twice')
    throw new UsageError(
      `The login by ${form.method} has ${problem.fields.join(' and ')}`,
      'Give one of them: they stand for the same.',
    );
  const missing = form.fields.filter(({ name }) => problem.fields.some(([first]) => first === name));
  throw new UsageError(
    `The login by ${form.method} needs ${problem.fields.map((names) => names.join(' or ')).join(' and ')} as well`,
    waysToGive(backend, missing),
  );
}

/** Asks for each field; undefined when the person gave up. `@FILE` reads a file, since a terminal takes one line. */
export async function typedCredentials(
  form: LoginForm,
  { signal, cwd }: Surroundings,
): Promise<Given | undefined> {
  const given: Record<string, Secret<string>> = {};
  for (const field of form.fields) {
    const { name, title, secret, optional, insteadOf } = field;
    // One that may stand in its place was given.
    if (insteadOf !== undefined && given[insteadOf] !== undefined) continue;
    const [, ...others] = alternativesOf(form.fields, field);
    const other = form.fields.find((each) => others.includes(each.name));
    const empty =
      optional === true
        ? ', empty for none'
        : other === undefined
          ? ''
          : `, empty to give a ${other.title.toLowerCase()}`;
    const question = `${title} (or @FILE)${empty}:`;
    const typed = secret ? await askHidden(question, signal) : await plain(question, signal);
    if (typed === undefined) return undefined;
    const text = typed.reveal().trim();
    if (text === '' && empty !== '') continue;
    if (text === '') return undefined;
    given[name] = text.startsWith('@')
      ? await readCredential(path.resolve(cwd, text.slice(1)))
      : new Secret(text);
  }
  return given;
}

/** How a pipeline gives them. */
export function waysToGive(backend: string, fields: LoginForm['fields']): string {
  const own = fields.filter(({ insteadOf }) => insteadOf === undefined);
  const files = own.map(({ name }) => `--field-file ${name}=FILE`).join(' ');
  const variables = own.map(({ name }) => variableOf(backend, name)).join(' and ');
  return `Give it with ${files}, or with --from-env and ${variables}.`;
}

async function plain(question: string, signal: AbortSignal): Promise<Secret<string> | undefined> {
  const text = await ask(question, signal);
  return text === undefined ? undefined : new Secret(text);
}

function variableOf(backend: string, field: string): string {
  return `IDAC_LOGIN_${backend}_${field}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function split(form: LoginForm, text: string, option: string, value: string): { name: string; rest: string } {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0));
  const names = form.fields.map((field) => field.name);
  if (at > 0 && names.includes(name) && at < text.length - 1) return { name, rest: text.slice(at + 1) };
  // What was given may be a secret in the wrong place: it is not repeated.
  throw new UsageError(
    `${option} is not NAME=${value} with a field of the login by ${form.method}`,
    `Its fields are ${names.join(', ')}.`,
  );
}

async function readCredential(file: string): Promise<Secret<string>> {
  const text = await readFile(file, 'utf8');
  if (text.trim() !== '' && text.length <= LONGEST) return new Secret(text.trim());
  throw new UsageError(`${file} holds no credential`, 'Write the credential, and nothing else, into it.');
}

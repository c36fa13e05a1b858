import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { BackendError } from '../../backends/errors.ts';
import { parseDuration } from '../../core/text/duration.ts';
import { unlessMissing } from '../disk/errno.ts';

/** A command that user or administrator of this machine allow under a short name. */
export interface ReloadCommand {
  readonly name: string;
  /** Absolute path of the program, then its arguments; no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  readonly timeoutSeconds: number;
  /** Absolute path. */
  readonly folder: string;
  /** Who says so: a variable or a configuration file. */
  readonly source: string;
}

export interface ReloadCommands {
  /** Undefined: nobody allows one of that name. BackendError when what is configured cannot be used. */
  find(name: string): Promise<ReloadCommand | undefined>;
  /** How to allow it, as a hint says it. */
  howToAllow(name: string): string;
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const VARIABLE = 'IDAC_RELOAD_';
const FILE = 'reload-commands.json';
const SYSTEM_FILE = '/etc/idac/reload-commands.json';
const DEFAULT_TIMEOUT = 60;
const LONGEST_TIMEOUT = 600;
const EXAMPLE = '{ "nginx": ["/usr/sbin/nginx", "-s", "reload"] }';

/**
 * Which commands may be run after a delivery. The variable `IDAC_RELOAD_<NAME>` comes first, then the user's file, then the
 * administrator's; nothing of it can be written by a repository, and a manifest only says a name.
 */
export function openReloadCommands(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateHome: string;
  /** Root of the project: no program in there is run. */
  readonly root: string;
  readonly systemFile?: string;
}): ReloadCommands {
  const { env, stateHome, root, systemFile = SYSTEM_FILE } = options;
  const userFile = path.join(stateHome, FILE);

  async function configured(name: string): Promise<ReloadCommand | undefined> {
    const variable = variableOf(name);
    const text = env[variable];
    if (text !== undefined && text.trim() !== '') return commandOf(name, parsed(text, variable), variable);
    for (const file of [userFile, systemFile]) {
      // What the administrator allows is only believed where nobody else could have written it.
      if (file === systemFile && !(await isRootsAlone(file))) continue;
      const content = await unlessMissing(readFile(file, 'utf8'));
      if (content === undefined) continue;
      const all = parsed(content, file);
      if (typeof all !== 'object' || all === null || Array.isArray(all))
        throw wrong(`${file} holds no object`, `write it as ${EXAMPLE}`);
      if (Object.hasOwn(all, name)) return commandOf(name, (all as Record<string, unknown>)[name], file);
    }
    return undefined;
  }

  return {
    async find(name) {
      if (!NAME.test(name)) return undefined;
      const command = await configured(name);
      if (command !== undefined) await refuseProgram(command, root);
      return command;
    },
    howToAllow: (name) =>
      `Allow it on this machine: write ${JSON.stringify({ [name]: ['/path/of/program', 'argument'] })} into ${userFile}, or that list into the variable ${variableOf(name)}. A repository cannot allow it.`,
  };
}

function variableOf(name: string): string {
  return `${VARIABLE}${name.toUpperCase().replaceAll('-', '_')}`;
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(
      `${source} is no JSON`,
      source.startsWith(VARIABLE)
        ? 'write the program and its arguments as ["/usr/sbin/nginx", "-s", "reload"]'
        : `write it as ${EXAMPLE}`,
    );
  }
}

function commandOf(name: string, value: unknown, source: string): ReloadCommand {
  const settings = Array.isArray(value) ? { command: value } : value;
  const where = `the command ${name} in ${source}`;
  if (typeof settings !== 'object' || settings === null)
    throw wrong(`${where} is no list of texts`, `write it as ${EXAMPLE}`);
  const { command, timeout, folder, ...others } = settings as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw wrong(`${where} has a field "${unknown}"`, 'it takes command, timeout and folder');
  if (!Array.isArray(command) || !command.every((each) => typeof each === 'string' && !each.includes('\0')))
    throw wrong(`${where} is no list of texts`, `write it as ${EXAMPLE}`);
  const [program, ...rest] = command as readonly string[];
  if (program === undefined || !path.isAbsolute(program))
    throw wrong(`${where} does not begin with the absolute path of a program`, `write it as ${EXAMPLE}`);
  const timeoutSeconds = timeout === undefined ? DEFAULT_TIMEOUT : secondsOf(timeout);
  if (timeoutSeconds === undefined || timeoutSeconds < 1 || timeoutSeconds > LONGEST_TIMEOUT)
    throw wrong(`the timeout of ${where} is none`, 'write a time from 1s to 10m, such as "30s"');
  if (folder !== undefined && (typeof folder !== 'string' || !path.isAbsolute(folder)))
    throw wrong(`the folder of ${where} is no absolute path`, 'write the absolute path of a folder');
  return {
    name,
    argv: [program, ...rest],
    timeoutSeconds,
    folder: folder ?? path.parse(program).root,
    source,
  };
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** A program that a pull request could change is not the user's. */
async function refuseProgram({ name, argv, source }: ReloadCommand, root: string): Promise<void> {
  const [program] = argv;
  const real = await unlessMissing(realpath(program));
  if (real === undefined)
    throw wrong(`${program}, which ${source} allows as ${name}, is not there`, 'correct its path');
  const inside = path.relative(await realpath(root), real);
  if (inside !== '..' && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside))
    throw wrong(
      `${program}, which ${source} allows as ${name}, lies inside the project, where a commit could change it`,
      'put it outside of the project',
    );
}

async function isRootsAlone(file: string): Promise<boolean> {
  const state = await unlessMissing(stat(file));
  return state !== undefined && state.uid === 0 && (state.mode & 0o022) === 0;
}

function wrong(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'invalid-request', what, hint });
}

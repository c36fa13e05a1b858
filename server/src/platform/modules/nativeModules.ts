import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { NativeModule, NativeModules } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { unlessMissing } from '../disk/errno.ts';

const VARIABLE = 'IDAC_PKCS11_MODULES';
const SETTING = 'idac.pkcs11.modules';
const FILE = 'pkcs11-modules.json';
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** Where p11-kit reads what administrators and packages registered (pkcs11.conf(5)). */
const SYSTEM_FOLDERS = [
  '/etc/pkcs11/modules',
  '/usr/local/share/p11-kit/modules',
  '/usr/share/p11-kit/modules',
];

/**
 * Which native modules may be loaded, and where they lie. The setting of the user's editor comes first, then the variable, then
 * the user's file, then what the system registered for p11-kit; nothing of it can be written by a repository.
 */
export function openNativeModules(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateHome: string;
  /** Of the user's editor, unchecked; its setting is `idac.pkcs11.modules`. */
  readonly configured?: Readonly<Record<string, unknown>> | undefined;
  /** Default: those of p11-kit. */
  readonly systemFolders?: readonly string[];
}): NativeModules {
  const { env, stateHome, configured = {}, systemFolders = SYSTEM_FOLDERS } = options;

  async function all(): Promise<ReadonlyMap<string, NativeModule>> {
    const modules = new Map<string, NativeModule>();
    const found = [
      ...Object.entries(configured).map(([name, file]) => checked(name, file, SETTING)),
      ...fromVariable(env[VARIABLE] ?? ''),
      ...(await fromUserFile(path.join(stateHome, FILE))),
      ...(await Promise.all(systemFolders.map(fromSystemFolder))).flat(),
    ];
    for (const module of found) if (!modules.has(module.name)) modules.set(module.name, module);
    return modules;
  }

  return {
    find: async (name) => {
      const module = (await all()).get(name);
      return module && { ...module, writableByOthers: () => writableByOthers(module.file) };
    },
    names: async () => [...(await all()).keys()].sort(),
  };
}

function fromVariable(text: string): readonly NativeModule[] {
  return text
    .split(path.delimiter)
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const [name = '', ...file] = entry.split('=');
      return checked(name.trim(), file.join('=').trim(), VARIABLE);
    });
}

async function fromUserFile(file: string): Promise<readonly NativeModule[]> {
  const text = await unlessMissing(readFile(file, 'utf8'));
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong(`${file} is no JSON`, 'write it as { "softhsm2": "/usr/lib/softhsm/libsofthsm2.so" }');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(`${file} holds no object`, 'write it as { "softhsm2": "/usr/lib/softhsm/libsofthsm2.so" }');
  return Object.entries(value).map(([name, module]) => checked(name, module, file));
}

/** Only what nobody but root can change: it was put there by an administrator or a package. */
async function fromSystemFolder(folder: string): Promise<readonly NativeModule[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  const modules = await Promise.all(
    names
      .filter((name) => name.endsWith('.module') && NAME.test(name.slice(0, -'.module'.length)))
      .map(async (name): Promise<readonly NativeModule[]> => {
        const source = path.join(folder, name);
        if (!(await isRootsAlone(source))) return [];
        const text = await unlessMissing(readFile(source, 'utf8'));
        const said = /^[ \t]*module:[ \t]*(\S.*)$/m.exec(text ?? '')?.[1]?.trim();
        const file = said === undefined ? undefined : await systemModule(said);
        return file === undefined ? [] : [{ name: name.slice(0, -'.module'.length), file, source }];
      }),
  );
  return modules.flat();
}

/** A name without a folder lies where the system keeps its modules. */
async function systemModule(said: string): Promise<string | undefined> {
  if (path.isAbsolute(said)) return said;
  if (said.includes('/')) return undefined;
  for (const folder of await moduleFolders()) {
    const file = path.join(folder, said);
    if ((await unlessMissing(stat(file))) !== undefined) return file;
  }
  return undefined;
}

async function moduleFolders(): Promise<readonly string[]> {
  const libraries = (await unlessMissing(readdir('/usr/lib'))) ?? [];
  return [
    ...libraries.filter((name) => name.endsWith('-linux-gnu')).map((name) => `/usr/lib/${name}/pkcs11`),
    '/usr/lib64/pkcs11',
    '/usr/lib/pkcs11',
    '/usr/local/lib/pkcs11',
  ];
}

/** On Windows a mode tells nothing. A sticky folder lets nobody exchange another's file. */
async function writableByOthers(file: string): Promise<boolean | undefined> {
  if (process.platform === 'win32') return undefined;
  const real = await unlessMissing(realpath(file));
  const state = real === undefined ? undefined : await unlessMissing(stat(real));
  const folder = real === undefined ? undefined : await unlessMissing(stat(path.dirname(real)));
  if (state === undefined || folder === undefined) return undefined;
  const isSticky = (folder.mode & 0o1000) !== 0;
  return (state.mode & 0o022) !== 0 || (!isSticky && (folder.mode & 0o022) !== 0);
}

async function isRootsAlone(file: string): Promise<boolean> {
  const state = await unlessMissing(stat(file));
  return state !== undefined && state.uid === 0 && (state.mode & 0o022) === 0;
}

function checked(name: string, file: unknown, source: string): NativeModule {
  if (!NAME.test(name))
    throw wrong(
      `${source} names a module "${name}"`,
      'use small letters, digits, dots, dashes and underscores',
    );
  if (typeof file !== 'string' || !path.isAbsolute(file))
    throw wrong(
      `${source} does not say where the module ${name} lies`,
      'write the absolute path of its library',
    );
  return { name, file, source };
}

function wrong(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'invalid-request', what, hint });
}

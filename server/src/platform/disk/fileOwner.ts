import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { BackendError } from '../../backends/errors.ts';
import { unlessMissing } from './errno.ts';

const run = promisify(execFile);

export interface FileOwner {
  readonly uid: number;
  /** Undefined: the group that the file gets anyway. */
  readonly gid: number | undefined;
}

const GREATEST = 0xffff_fffe;

/** Numbers of `user` or `user:group`; BackendError where there is no such user, or where this process may not give files to it. */
export async function fileOwner(owner: string, shown: string): Promise<FileOwner> {
  if (process.platform === 'win32' || process.geteuid === undefined) {
    throw new BackendError({
      kind: 'unsupported',
      what: `${shown} cannot be given to ${owner}: Windows has no such owners of files`,
      hint: 'leave owner out of that delivery, and set the access list of its folder',
    });
  }
  const [user = '', group, ...more] = owner.split(':');
  if (user === '' || group === '' || more.length > 0) throw none(`${owner} is no owner`, shown);
  const uid = await numberOf('passwd', user);
  if (uid === undefined) throw none(`there is no user ${user} on this machine`, shown);
  const gid = group === undefined ? undefined : await numberOf('group', group);
  if (group !== undefined && gid === undefined)
    throw none(`there is no group ${group} on this machine`, shown);
  refuseForeign(owner, { uid, gid }, shown);
  return { uid, gid };
}

/** chown(2): only root gives files away; others may choose among their own groups. */
function refuseForeign(owner: string, { uid, gid }: FileOwner, shown: string): void {
  const self = process.geteuid?.();
  if (self === 0) return;
  const groups = new Set([process.getegid?.(), ...(process.getgroups?.() ?? [])]);
  if (uid === self && (gid === undefined || groups.has(gid))) return;
  throw new BackendError({
    kind: 'forbidden',
    what: `${shown} is to belong to ${owner}, and this process (user ${self}) may not give files to others`,
    hint: 'run idac as root (sudo), or as that user, or leave owner out of that delivery',
  });
}

function none(what: string, shown: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${shown} cannot be delivered: ${what}`,
    hint: 'correct owner of that delivery: a user or user:group, by name or number',
  });
}

/** The files first, as every system has them; then what directory services know. */
async function numberOf(database: 'passwd' | 'group', name: string): Promise<number | undefined> {
  if (/^\d+$/.test(name)) return Number(name) <= GREATEST ? Number(name) : undefined;
  const table = (await unlessMissing(readFile(`/etc/${database}`, 'utf8'))) ?? '';
  return numberIn(table, name) ?? numberIn(await askSystem(database, name), name);
}

function numberIn(table: string, name: string): number | undefined {
  for (const line of table.split('\n')) {
    const [each, , number] = line.split(':');
    if (each === name && number !== undefined && /^\d+$/.test(number)) return Number(number);
  }
  return undefined;
}

/** A line as in the files; empty where nobody knows the name. */
async function askSystem(database: 'passwd' | 'group', name: string): Promise<string> {
  // What begins with a hyphen would be an option.
  if (!/^[A-Za-z0-9_][A-Za-z0-9._@-]{0,255}$/.test(name)) return '';
  const options = { timeout: 10_000, env: {} };
  try {
    if (existsSync('/usr/bin/getent'))
      return (await run('/usr/bin/getent', [database, name], options)).stdout;
    if (!existsSync('/usr/bin/dscl')) return '';
    const [folder, field] = database === 'passwd' ? ['Users', 'UniqueID'] : ['Groups', 'PrimaryGroupID'];
    const { stdout } = await run('/usr/bin/dscl', ['.', '-read', `/${folder}/${name}`, field], options);
    return `${name}:*:${stdout.trim().split(' ').at(-1)}`;
  } catch {
    return '';
  }
}

import { decodeBase64 } from '../../credential/base64.ts';
import { readSshKeyLines } from '../../credential/ssh/keyLines.ts';
import { isSshKeyType } from '../../credential/ssh/publicKey.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { keyOfSsh } from '../keyOfSsh.ts';
import type { SightedKey } from '../keySighting.ts';

/** The length of the type and its first letters: `ssh-rsa`, `ssh-dss`, `ssh-ed25519`, `ecdsa-sha2-nistp`, those of security keys, certificates. */
const BEGINNINGS = [
  'AAAAB3NzaC1yc2E',
  'AAAAB3NzaC1kc3M',
  'AAAAC3NzaC1lZDI1NTE5',
  'AAAACXNzaC1lZDQ0O',
  'AAAAE2VjZHNhLXNoYTItbmlzdHA',
  'AAAAGnNrLXNzaC1lZDI1NTE5',
  'AAAAInNrLWVjZHNhLXNoYTIt',
  'AAAAHHNzaC1yc2EtY2VydC12MDF',
  'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAx',
  'AAAAKGVjZHNhLXNoYTItbmlzdHA',
  'AAAAI3NrLXNzaC1lZDI1NTE5LWNlcnQ',
  'AAAAK3NrLWVjZHNhLXNoYTIt',
];
const VALUE = /[A-Za-z0-9+/]+={0,2}(?![A-Za-z0-9+/=])/y;
const COMMENT = /[ \t]+([^\s"'`,;\\<][^"'`,;\\<\r\n]{0,255})/y;
const TYPE_BEFORE = /([a-z0-9@.-]{7,48})[ \t]+$/;

const KNOWN_HOSTS = /known_hosts/i;
const AUTHORIZED = /authorized_keys/i;
const HOST_KEY = /(?:^|\/)ssh_host_\w*key/i;
/** A name, an address or their hashes; a list of them. */
const HOSTS = /^[\w.*?!:[\]|+/=-]*[.|\]][\w.*?!:[\]|+/=,-]*$/;

/** Public keys and certificates of OpenSSH, wherever such a line stands: files of keys, YAML, strings of a program. */
export const sshLine: KeyFinder = {
  keywords: BEGINNINGS,
  reach: 'line',
  *find({ path, text, at, tools }) {
    if (/[A-Za-z0-9+/]/.test(text[at - 1] ?? '')) return;
    VALUE.lastIndex = at;
    const [value] = VALUE.exec(text) ?? [];
    const decoded = value === undefined ? undefined : decodeBase64(value);
    const key = decoded?.ok === true ? keyOfSsh(decoded.bytes, tools.hasher) : undefined;
    if (value === undefined || key === undefined) return;
    const end = at + value.length;
    const [before = '', type = ''] = TYPE_BEFORE.exec(text.slice(Math.max(0, at - 64), at)) ?? [];
    const start = isSshKeyType(type) ? at - before.length : at;
    COMMENT.lastIndex = end;
    const comment = COMMENT.exec(text)?.[1]?.trim();
    yield { ...key, ...usedAs(path, text), start, end, ...(comment === undefined ? {} : { comment }) };
  },
};

/** As far as the line and the name of its file say. */
function usedAs(path: string, line: string): Pick<SightedKey, 'role' | 'hosts'> {
  const [read] = readSshKeyLines(line, false);
  const { marker, before = '' } = read ?? {};
  if (marker === '@revoked') return { role: 'revoked' };
  if (marker !== undefined || /(?:^|,)cert-authority(?:,|$)/i.test(before)) return { role: 'authority' };
  if (KNOWN_HOSTS.test(path) || (HOSTS.test(before) && !AUTHORIZED.test(path)))
    return { role: 'host', hosts: before.split(',').filter((each) => each !== '') };
  if (AUTHORIZED.test(path)) return { role: 'login' };
  return HOST_KEY.test(path) ? { role: 'host' } : {};
}

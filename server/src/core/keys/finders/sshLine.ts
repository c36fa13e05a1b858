import { decodeBase64 } from '../../credential/base64.ts';
import { readSshKeyLines, type SshKeyLine } from '../../credential/ssh/keyLines.ts';
import { isSshKeyType } from '../../credential/ssh/publicKey.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { keyOfSsh } from '../keyOfSsh.ts';
import type { FoundKey, SightedKey } from '../keySighting.ts';
import { publicComment, publicHosts } from '../publicText.ts';

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
/** Up to the end of the line, or of the string. */
const COMMENT = /[ \t]+([^\s"'`]{1,64})(?:(["'`])|\s*$)/y;
const ITEM = /^\s*(?:- +)?$/;
const TYPE_BEFORE = /([a-z0-9@.-]{7,48})[ \t]+$/;

const KNOWN_HOSTS = /known_hosts/i;
const AUTHORIZED = /authorized_keys/i;
const HOST_KEY = /(?:^|\/)ssh_host_\w*key/i;

/** Public keys and certificates of OpenSSH, wherever such a line stands: files of keys, YAML, strings of a program. */
export const sshLine: KeyFinder = {
  keywords: BEGINNINGS,
  reach: 'line',
  find({ path, text, at, tools }) {
    if (/[A-Za-z0-9+/]/.test(text[at - 1] ?? '')) return undefined;
    VALUE.lastIndex = at;
    const [value] = VALUE.exec(text) ?? [];
    const decoded = value === undefined ? undefined : decodeBase64(value);
    const key = decoded?.ok === true ? keyOfSsh(decoded.bytes, tools.hasher) : undefined;
    if (value === undefined || key === undefined) return undefined;
    const end = at + value.length;
    const [before = '', type = ''] = TYPE_BEFORE.exec(text.slice(Math.max(0, at - 64), at)) ?? [];
    const isTyped = isSshKeyType(type);
    const start = isTyped ? at - before.length : at;
    const line = readSshKeyLines(text, false)[0];
    const comment = isTyped ? commentOf(text, { start, end }, line) : undefined;
    const said = {
      ...key.said,
      ...usedAs(path, line),
      ...(comment === undefined ? {} : { comment }),
    };
    return { start, end, keys: [{ said, spki: key.spki }] };
  },
};

/** In a line of keys, or a string that is one. Of a command the rest is no comment, and may be a password. */
function commentOf(
  text: string,
  { start, end }: Pick<FoundKey, 'start' | 'end'>,
  line: SshKeyLine | undefined,
): string | undefined {
  COMMENT.lastIndex = end;
  const [, comment = '', quote] = COMMENT.exec(text) ?? [];
  const isAlone =
    quote === undefined ? ITEM.test(text.slice(0, start)) || line?.kind === 'key' : text[start - 1] === quote;
  return isAlone ? publicComment(comment) : undefined;
}

/** As far as the line and the name of its file say. */
function usedAs(path: string, line: SshKeyLine | undefined): Pick<SightedKey, 'role' | 'hosts'> {
  const { marker, before = '' } = line ?? {};
  if (marker === '@revoked') return { role: 'revoked' };
  if (marker !== undefined || /(?:^|,)cert-authority(?:,|$)/i.test(before)) return { role: 'authority' };
  const hosts = publicHosts(before);
  if (KNOWN_HOSTS.test(path)) return { role: 'host', ...(hosts === undefined ? {} : { hosts }) };
  if (hosts?.some(isPlainHost) && !AUTHORIZED.test(path)) return { role: 'host', hosts };
  if (AUTHORIZED.test(path)) return { role: 'login' };
  return HOST_KEY.test(path) ? { role: 'host' } : {};
}

/** What a host alone is called, in a file of any name: a token has capitals. */
function isPlainHost(word: string): boolean {
  return word.startsWith('|') || (/[.\]]/.test(word) && !/[A-Z]/.test(word));
}

/** Small files that hold one secret and nothing else, or a login in each line: what it is, the name of the file says. */
import { decodeBase64 } from '../credential/base64.ts';
import type { RuleMeta } from '../rules/rule.ts';
import type { Detection, ScanTools } from './detector.ts';
import { isSecretId } from './detectors/approleSecretId.ts';
import { isShare, UNSEAL } from './detectors/vaultUnseal.ts';
import { CREDENTIAL_FILE, SECRET_ID } from './loginRules.ts';
import { isPlaceholder } from './placeholder.ts';
import { PRIVATE_KEY } from './privateKeyRules.ts';
import { isMade, isSecretValue } from './secretValue.ts';

/** Longer files are something else. */
const LONGEST = 16 * 1024;

interface Alone {
  readonly name: RegExp;
  readonly what: string;
  readonly rule: RuleMeta;
  holds(value: string, path: string): boolean;
}

const TAIL = String.raw`(?:[-_.]?(?:file|value|raw))?(?:\.(?:txt|secret|pass|asc|conf))?$`;
const isToken = (value: string, path: string): boolean =>
  value.length >= 16 &&
  isSecretValue(value, path) &&
  (isMade(value) || /^[0-9a-f]{20,}$|^[\w-]{30,}$/i.test(value));

/** The whole file is the value, with or without a line end. */
const ALONE: readonly Alone[] = [
  {
    name: new RegExp(`(?:^|[-_.])secret[-_]?id${TAIL}`),
    what: 'a secret id of an AppRole',
    rule: SECRET_ID,
    holds: isSecretId,
  },
  {
    name: new RegExp(String.raw`(?:^|[-_.])(?:unseal|recovery)[-_]?(?:key|share)[-_.]?\d*${TAIL}`),
    what: 'a key that unseals Vault',
    rule: UNSEAL,
    holds: isShare,
  },
  {
    name: /(?:^|[-_.])(?:private[-_]?key|privkey|wg\d*(?:[-_.]?private)?(?:\.key)?|preshared[-_]?key|psk)(?:\.(?:key|txt|psk))?$|\.wg\.key$/,
    what: 'a private key (WireGuard)',
    rule: PRIVATE_KEY,
    holds: (value) => /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value) && !isPlaceholder(value),
  },
  {
    name: /(?:^|[-_.])(?:private[-_]?key|privkey|node[-_]?key|nodekey|seed|identity)(?:\.(?:key|txt|hex))?$/,
    what: 'a private key as bare octets',
    rule: PRIVATE_KEY,
    holds: (value) => /^(?:0x)?(?:[0-9a-f]{64}|[0-9a-f]{128})$/i.test(value) && !isPlaceholder(value),
  },
  {
    name: /^(?:master|production|development|staging|test)\.key$/,
    what: 'the key of encrypted credentials (Rails)',
    rule: CREDENTIAL_FILE,
    holds: (value) => /^[0-9a-f]{32}$/.test(value) && !isPlaceholder(value),
  },
  {
    name: /^\.?erlang[-_.]cookie$/,
    what: 'the cookie of a cluster (Erlang)',
    rule: CREDENTIAL_FILE,
    holds: (value, path) => isSecretValue(value, path, 8),
  },
  {
    name: /(?:^|[-_.])(?:mongo\w*|replica\w*|cluster|rs)?[-_.]?key-?file$|mongo\w*[-_.]key$/,
    what: 'the key of the members of a cluster',
    rule: CREDENTIAL_FILE,
    holds: (value) => value.length >= 100 && decodeBase64(value).ok,
  },
  {
    name: new RegExp(
      `(?:password|passphrase|(?:^|[-_.])(?:passwd|so[-_]?pin|user[-_]?pin|pin|pwd|pass))${TAIL}`,
    ),
    what: 'a password in a file of its own',
    rule: CREDENTIAL_FILE,
    holds: (value, path) =>
      value.length <= 256 && isSecretValue(value, path, 4) && (/\d|[^\w-]/.test(value) || isMade(value)),
  },
  {
    name: new RegExp(
      `(?:^|[-_.])(?:token|secret|api[-_]?key|secret[-_]?key|encryption[-_]?key|cookie[-_]?secret|shared[-_]?secret|psk)${TAIL}`,
    ),
    what: 'a token in a file of its own',
    rule: CREDENTIAL_FILE,
    holds: isToken,
  },
];

interface Lines {
  readonly name: RegExp;
  /** One line; its group is the secret. */
  readonly line: RegExp;
  readonly what: string;
}

/** Each line is a login. */
const LINES: readonly Lines[] = [
  {
    name: /^(?:fstab|auto\.\w{1,20})$/,
    line: /[,\s]pass(?:word|wd)?=([^,\s]{4,200})/gm,
    what: 'a login for a share',
  },
  {
    name: /^userlist\.txt$/,
    line: /^"[\w.@-]{1,64}"[ \t]+"(?!md5[0-9a-f]{32}|SCRAM-)([^"\n]{4,200})"/gm,
    what: 'a password of a pool of connections',
  },
  {
    name: /^(?:ntp|chrony)\.keys$/,
    line: /^[ \t]*\d{1,5}[ \t]+(?:(?:SHA\d*|SHA-\d+|MD5|M|AES\w*|CMAC)[ \t]+)(?:HEX:|ASCII:)?(\S{8,200})/gim,
    what: 'a key of time servers',
  },
  {
    name: /^(?:davfs2?[-_.])?secrets$/,
    line: /^(?:https?:\/\/|\/)\S{1,200}[ \t]+\S{1,64}[ \t]+"?([^\s"]{4,200})"?[ \t]*\r?$/gm,
    what: 'a login for a share',
  },
  {
    name: /\.psk$/,
    line: /^[\w.-]{1,64}:([0-9a-f]{32,128})[ \t]*\r?$/gim,
    what: 'a key that is shared before (PSK)',
  },
  {
    name: /^(?:chap|pap|l2tp|ppp)-secrets$/,
    line: /^[ \t]*(?!#)\S+[ \t]+\S+[ \t]+"?([^\s"]{4,200})/gm,
    what: 'a password of PPP',
  },
  {
    name: /^psk\.txt$|^racoon\.psk$/,
    line: /^[ \t]*(?!#)[\w.:@*-]+[ \t]+(\S{4,200})[ \t]*\r?$/gm,
    what: 'a secret of IPsec',
  },
  {
    name: /^(?:sasl_passw(?:or)?d|relay_passw(?:or)?d|smtp_auth|passwd\.client)(?:\.db|\.map)?$/,
    line: /^[ \t]*(?!#)\S+[ \t:]+[^\s:]+:(\S{4,200})[ \t]*\r?$/gm,
    what: 'a login for mail',
  },
  {
    name: /^\.?git-credentials$/,
    line: /^https?:\/\/[^\s/:]+(?:%40|@)?[^\s/:]*:(\S{4,200})@[^@\s]+$/gm,
    what: 'a login of git',
  },
  {
    name: /^(?:known|static)?[-_]?tokens?(?:[-_]auth)?\.csv$/,
    line: /^([^,\s"]{8,200}),[^,\n]+,/gm,
    what: 'a token of a static user (Kubernetes)',
  },
  {
    name: /^basic[-_]auth\.csv$/,
    line: /^([^,\s"]{4,200}),[^,\n]+,/gm,
    what: 'a password of a static user (Kubernetes)',
  },
  {
    name: /^(?:ftp|sftp|mosquitto|squid|http)?[-_.]?(?:passwd|passwords|users)(?:\.txt)?$/,
    line: /^[\w.@-]{1,64}:(?!\$|[x*!]:)([^\s:]{6,200})(?::|[ \t]*\r?$)/gm,
    what: 'the password of a user',
  },
];

export function namedFileSecrets(
  path: string,
  bytes: Uint8Array,
  { latin1 }: ScanTools,
): readonly Detection[] {
  if (bytes.length > LONGEST) return [];
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const alone = ALONE.filter((each) => each.name.test(name));
  const lines = LINES.find((each) => each.name.test(name));
  if (alone.length === 0 && lines === undefined) return [];
  const text = latin1(bytes);
  const value = text.trim();
  if (!/\s/.test(value)) {
    const start = text.indexOf(value);
    const found = alone.find(({ holds }) => holds(value, path));
    if (found !== undefined && value !== '')
      return [{ rule: found.rule, what: found.what, start, end: start + value.length }];
  }
  return lines === undefined ? [] : [...loginLines(text, lines, path)];
}

function* loginLines(text: string, { line, what }: Lines, path: string): Generator<Detection> {
  for (const match of text.matchAll(line)) {
    const [whole, value = ''] = match;
    const start = match.index + whole.lastIndexOf(value);
    if (isSecretValue(value, path)) yield { rule: CREDENTIAL_FILE, what, start, end: start + value.length };
  }
}

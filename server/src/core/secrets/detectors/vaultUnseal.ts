import { decodeBase64 } from '../../credential/base64.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { settingValueAt } from '../settingValue.ts';

export const UNSEAL: RuleMeta = {
  id: 'secret/vault-unseal-key',
  severity: 'error',
  title: 'A key that unseals Vault or OpenBao stands in a file',
  why: 'With enough of them and its storage, whoever has them reads everything that it keeps, and makes root tokens.',
  remedy:
    'Make new keys (`vault operator rekey`), revoke the root token, and give each share to another person, encrypted (`-pgp-keys`).',
};

/** As `operator init` prints them, and as people name them. */
const PRINTED =
  /(?:unseal|recovery)[ _-]?key(?:s|_?share)?(?:[ _-]?\d+)?(?:[ _-]?(?:b64|base64|hex))?(?: \([^)\n]{1,30}\))?(?=["'`\\: \t=])/iy;
const LIST = /(?:unseal_keys|recovery_keys|keys)(?:_(?:b64|hex|base64))?\\?"\s*:\s*\[([^\]]{20,4096})\]/iy;
/** The same in YAML. */
const YAML_LIST =
  /(?:unseal_keys|recovery_keys|keys)(?:_(?:b64|hex|base64))?:[ \t]*\r?\n((?:[ \t]*-[ \t]+["']?[A-Za-z0-9+/=]{43,70}["']?[ \t]*\r?\n?){1,20})/iy;
const COMMAND =
  /operator (?:unseal|rekey|generate-root)(?:[ \t]+-\S+)*[ \t]+["']?([A-Za-z0-9+/]{43,}={0,2})/iy;
/** Several in one setting: `UNSEAL_KEYS=a,b,c`, `unseal_keys = ["a"]`. */
const SEVERAL =
  /unseal_?keys?["']?[ \t]*[:=][ \t]*[[({]?\s*(["']?[A-Za-z0-9+/=]{43,70}["']?(?:[\s,;]+["']?[A-Za-z0-9+/=]{43,70}["']?){0,20})/iy;
const ROOT = /(?:initial[ _-]?root[ _-]?token|root_token(?:_id)?)(?=["'`\\: \t=])/iy;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NEAR = 2048;
const SHARE_OCTETS = 33;
const VALUE = /[A-Za-z0-9+/]{43,}={0,2}/g;

export const detector: Detector = {
  rules: [UNSEAL],
  keywords: [
    ...[
      'unseal key',
      'unseal_key',
      'unsealkey',
      'unseal-key',
      'recovery key ',
      'recovery_key',
      'recoverykey',
    ],
    ...[
      'keys_base64"',
      'keys_base64\\"',
      'operator unseal',
      'operator rekey',
      'operator generate-root',
      'root token',
      'root_token',
    ],
  ],
  reach: 'near',
  *find({ text, at }): Generator<Detection> {
    LIST.lastIndex = at;
    YAML_LIST.lastIndex = at;
    const list = LIST.exec(text);
    const lines = YAML_LIST.exec(text)?.[1];
    if (lines !== undefined) {
      yield* shares(lines, YAML_LIST.lastIndex - lines.length);
      return;
    }
    if (list !== null) {
      yield* shares(list[1] ?? '', LIST.lastIndex - 1 - (list[1] ?? '').length);
      return;
    }
    SEVERAL.lastIndex = at;
    const several = SEVERAL.exec(text)?.[1];
    if (several !== undefined) {
      yield* shares(several, SEVERAL.lastIndex - several.length);
      return;
    }
    COMMAND.lastIndex = at;
    const [command, share = ''] = COMMAND.exec(text) ?? [];
    if (command !== undefined && isShare(share)) {
      const end = at + command.length;
      yield { rule: UNSEAL, what: 'a key that unseals Vault', start: end - share.length, end };
      return;
    }
    yield* setting(text, at);
    if (/^operator unseal/i.test(text.slice(at, at + 16))) yield* besideCommand(text, at);
  },
};

function* setting(text: string, at: number): Generator<Detection> {
  for (const [form, holds, what] of [
    [PRINTED, isShare, 'a key that unseals Vault'],
    [ROOT, (value: string) => UUID.test(value) && !isPlaceholder(value), 'a root token of Vault'],
  ] as const) {
    form.lastIndex = at;
    const [name] = form.exec(text) ?? [];
    const found = name === undefined ? undefined : settingValueAt(text, at + name.length);
    if (found !== undefined && holds(found.value))
      yield { rule: UNSEAL, what, start: found.start, end: found.end };
  }
}

function* shares(list: string, from: number): Generator<Detection> {
  for (const match of list.matchAll(VALUE)) {
    const [value] = match;
    const start = from + match.index;
    if (isShare(value))
      yield { rule: UNSEAL, what: 'a key that unseals Vault', start, end: start + value.length };
  }
}

/** In a script that unseals, whatever the list is called: a share has an octet more than a key. */
function* besideCommand(text: string, at: number): Generator<Detection> {
  const from = Math.max(0, at - NEAR);
  for (const share of shares(text.slice(from, at + NEAR), from)) {
    const value = text.slice(share.start, share.end);
    const decoded = decodeBase64(value);
    if (/^[0-9a-f]{66}$/i.test(value) || (decoded.ok && decoded.bytes.length === SHARE_OCTETS)) yield share;
  }
}

/** Of 32 octets, or 33 if it is one of several (Shamir's scheme adds one); as hexadecimal or base64. */
export function isShare(value: string): boolean {
  if (isPlaceholder(value)) return false;
  if (/^(?:[0-9a-f]{2}){32,33}$/i.test(value)) return true;
  const decoded = decodeBase64(value);
  return decoded.ok && (decoded.bytes.length === 32 || decoded.bytes.length === 33);
}

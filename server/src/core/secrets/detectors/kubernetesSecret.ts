import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector, Suspect } from '../detector.ts';
import { objectAround } from '../jsonAround.ts';
import { textOfBase64 } from '../login.ts';
import { isNoPlainValue, isSecretValue, isTriedOut } from '../secretValue.ts';
import { settingValueAt } from '../settingValue.ts';

const KUBERNETES: RuleMeta = {
  id: 'secret/kubernetes-secret',
  severity: 'error',
  title: 'A secret of Kubernetes stands in a file as it is',
  why: 'Base64 is a way to write it, and hides nothing. What the cluster keeps for a few is here for whoever reads the file.',
  remedy:
    'Change the value, and commit what only the cluster can read: a SealedSecret, SOPS, or an ExternalSecret that names where it lies.',
};

const KUBECONFIG: RuleMeta = {
  id: 'secret/kubeconfig',
  severity: 'error',
  title: 'A login for a Kubernetes cluster stands in a file',
  why: 'The address of the cluster stands beside it: whoever reads the file acts as that user.',
  remedy:
    'Revoke it: delete the token or its service account, or change the password. Let users log in by `exec`, with something that ends soon.',
};

/** Keys whose values are no secret, though a Secret holds them. */
const OPEN_KEY =
  /(?:^|[._-])(?:crt|pem|cert|ca|pub|public|user(?:name)?|login|host(?:name)?|port|database|db(?:name)?|namespace|endpoint|region|email|issuer|(?:client|role|key|account|tenant|project|access)[-_]?id|name|type|url|uri|address)$/i;
const SECRET_KEY =
  /pass|pwd|secret|token|key|cred|auth|(?:^|[._-])pin|dsn|private|conn|salt|cookie|jwt|license|psk|htpasswd/i;
const SECTION = /^([ \t]*)(data|stringData|["']data["']|["']stringData["']):[ \t]*(?:#.*)?$/;
const ENTRY = /^([ \t]+)(?:"([\w.-]+)"|'([\w.-]+)'|([\w.-]+)):[ \t]*(.*)$/;
const KIND = /kind["']?:\s*["']?(secret|config)(?![\w-])/iy;
/** A template that encodes what stands in it. */
const TEMPLATE_LITERAL = /\{\{-?\s*["'`]([^"'`\n]{4,400})["'`]\s*\|\s*b64enc\b/;
const PASSWORD_IN_URL = /:\/\/[^\s:/@]*:([^\s/@]+)@/;
const INNER_NAME = /(?:password|passwd|secret|token|api_?key)["']?(?=\s*[=:])/gi;
const KUBECONFIG_LINE = /^[ \t]+(?:token|password|id-token|refresh-token|access-token):[ \t]*/gm;
const FEWEST_OCTETS = 8;
const LONGEST_DOCUMENT = 32 * 1024;

export const detector: Detector = {
  rules: [KUBERNETES, KUBECONFIG],
  keywords: [
    'kind: secret',
    'kind: "secret"',
    "kind: 'secret'",
    '"kind": "secret"',
    '"kind":"secret"',
    'kind: config',
    '"kind": "config"',
  ],
  reach: 'block',
  *find(suspect): Generator<Detection> {
    const { text, at } = suspect;
    const isJson = text[at] === '"';
    const kind = kindAt(text, isJson ? at + 1 : at);
    if (kind === undefined) return;
    if (kind === 'config') yield* kubeconfig(suspect);
    else if (isJson) yield* fromJson(suspect);
    else yield* fromYaml(suspect);
  },
};

/** The document of YAML around, from the one of its kind before to the next: what a list has many of is gone through twice at most. */
function documentAround(text: string, at: number): { readonly start: number; readonly text: string } {
  const before = text.lastIndexOf('\n---', at);
  const first = before === -1 ? Math.max(0, at - LONGEST_DOCUMENT / 2) : before + 1;
  const after = text.indexOf('\n---', at);
  const last = Math.min(after === -1 ? text.length : after, at + LONGEST_DOCUMENT);
  const kind = kindAt(text, at);
  // As it is written here: in small letters, as often as not.
  const word = text.slice(at, at + 'kind'.length);
  let start = at;
  do start = start === 0 ? -1 : text.lastIndexOf(word, start - 1);
  while (start > first && kindAt(text, start) !== kind);
  let end = at;
  do end = text.indexOf(word, end + 1);
  while (end !== -1 && end < last && kindAt(text, end) !== kind);
  start = Math.max(first, start);
  return { start, text: text.slice(start, end === -1 ? last : Math.min(last, end)) };
}

function kindAt(text: string, at: number): string | undefined {
  KIND.lastIndex = at;
  return KIND.exec(text)?.[1]?.toLowerCase();
}

function* fromYaml({ text, at, path }: Suspect): Generator<Detection> {
  const around = documentAround(text, at);
  let section: { readonly indent: number; readonly isPlain: boolean } | undefined;
  let entries: number | undefined;
  let from = around.start;
  for (const line of around.text.split('\n')) {
    const start = from;
    from += line.length + 1;
    const written = line.trimEnd();
    const head = SECTION.exec(written);
    if (head !== null && (section === undefined || (head[1] ?? '').length <= section.indent)) {
      section = { indent: (head[1] ?? '').length, isPlain: (head[2] ?? '').includes('string') };
      entries = undefined;
      continue;
    }
    if (section === undefined || written.trim() === '' || written.trimStart().startsWith('#')) continue;
    const entry = ENTRY.exec(written);
    const indent = /^[ \t]*/.exec(written)?.[0].length ?? 0;
    if (indent <= section.indent) {
      section = undefined;
      continue;
    }
    entries ??= indent;
    if (entry === null || indent !== entries) continue;
    const [, , double, single, bare, rest = ''] = entry;
    const value = TEMPLATE_LITERAL.exec(rest)?.[1] ?? unquoted(rest);
    const isPlain = section.isPlain || TEMPLATE_LITERAL.test(rest);
    const key = double ?? single ?? bare ?? '';
    if (value === '' || /^[|>]/.test(value) || !isSecretEntry(key, value, isPlain, path)) continue;
    const valueAt = start + written.length - rest.length + rest.indexOf(value);
    yield {
      rule: KUBERNETES,
      what: `the value of ${named(key)} in a Secret`,
      start: valueAt,
      end: valueAt + value.length,
    };
  }
}

function* fromJson({ text, at, path }: Suspect): Generator<Detection> {
  const object = objectAround(text, at);
  if (object === undefined) return;
  const written = text.slice(object.start, object.end);
  for (const [section, isPlain] of [
    ['data', false],
    ['stringData', true],
  ] as const) {
    const entries = object.value[section];
    if (typeof entries !== 'object' || entries === null) continue;
    for (const [key, value] of Object.entries(entries)) {
      if (typeof value !== 'string' || !isSecretEntry(key, value, isPlain, path)) continue;
      const start = written.indexOf(`"${value}"`);
      if (start !== -1)
        yield {
          rule: KUBERNETES,
          what: `the value of ${named(key)} in a Secret`,
          start: object.start + start + 1,
          end: object.start + start + 1 + value.length,
        };
    }
  }
}

/** A key of a Secret is no secret; a long one is not repeated. */
function named(key: string): string {
  return key.length <= 40 ? key : 'a key';
}

function unquoted(rest: string): string {
  const quoted = /^"([^"]*)"|^'([^']*)'/.exec(rest);
  return quoted?.[1] ?? quoted?.[2] ?? rest.replace(/[ \t]+#.*$/, '').trim();
}

function isSecretEntry(key: string, value: string, isPlain: boolean, path: string): boolean {
  if (isNoPlainValue(value)) return false;
  const text = isPlain ? value : textOfBase64(value);
  // A private key has its own rule, and a certificate is public.
  if (text === undefined || text.trimStart().startsWith('-----BEGIN')) return false;
  const trimmed = text.trim();
  const password = PASSWORD_IN_URL.exec(trimmed)?.[1];
  if (password !== undefined) return isSecretValue(password, path);
  if (OPEN_KEY.test(key)) return false;
  if (trimmed.startsWith('{') && hasSettings(trimmed, path)) return true;
  if (/^[\x20-\x7e]+$/.test(trimmed)) return SECRET_KEY.test(key) ? isSecretValue(trimmed, path) : false;
  if (/^[\x20-\x7e\s]+$/.test(trimmed)) return hasSettings(trimmed, path);
  return SECRET_KEY.test(key) && text.length >= FEWEST_OCTETS && !isTriedOut(path);
}

/** A whole file as a value. */
function hasSettings(text: string, path: string): boolean {
  for (const match of text.slice(0, LONGEST_DOCUMENT).matchAll(INNER_NAME)) {
    const found = settingValueAt(text, match.index + match[0].length);
    if (found !== undefined && isSecretValue(found.value, path, 6)) return true;
  }
  return false;
}

function* kubeconfig({ text, at, path }: Suspect): Generator<Detection> {
  const around = documentAround(text, at);
  if (!/^[ \t]*(?:- )?(?:users|clusters):/m.test(around.text)) return;
  for (const match of around.text.matchAll(KUBECONFIG_LINE)) {
    const end = match.index + match[0].length;
    const line = around.text.slice(
      end,
      around.text.indexOf('\n', end) === -1 ? undefined : around.text.indexOf('\n', end),
    );
    const value = unquoted(line);
    if (value.length < 6 || !isSecretValue(value, path)) continue;
    const start = around.start + end + line.indexOf(value);
    yield { rule: KUBECONFIG, what: 'a login for a Kubernetes cluster', start, end: start + value.length };
  }
}

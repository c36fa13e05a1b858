import { isObject, type JsonValue, type ManifestPath } from '../../manifest/path.ts';
import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';

const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File-[0-9]:|^AGE-SECRET-KEY-1/m;
/** A signed token (RFC 7515, 7.1); keys of clouds and forges, by the letters that they begin with. */
const SIGNED_TOKEN = /^eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{16,}$/;
const ACCESS_KEY =
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[opsur]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}|glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{10}|hvs\.[A-Za-z0-9_-]{24})/;
const SECRET_FIELD =
  /^(?:.{0,40}[-_.])?(?:password|passwd|passphrase|secret|api[-_]?key|token|private[-_]?key|client[-_]?secret)$/i;
/** Fields and values of manifests that have such a word in their name and hold no secret. */
const HARMLESS_VALUE =
  /^(?:secret|file|token|approle|kubernetes|jwt|oidc|certificate|true|false|privateKey)$/;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'manifest/secret-in-manifest',
    severity: 'error',
    perResource: true,
    title: 'A manifest holds a secret',
    why: 'Manifests are committed, reviewed, copied and cached. A secret in one is known to everybody who can read the repository, and stays in its history.',
    remedy:
      'Take it out, and replace the secret itself: it must count as known. A manifest names how to log in; what feeds the login is set outside the repository.',
    standard: 'CWE-798',
  },
  *check({ only }) {
    if (only === undefined) return;
    const { document, path: file } = only;
    for (const { path, what } of secrets(document.value ?? null, [])) {
      const range = document.locate(path);
      if (range === undefined) continue;
      const identity = document.resource?.id;
      const message = `${what} stands in this manifest; take it out and replace it, it must count as known`;
      yield {
        message,
        file,
        range,
        related: [],
        fixes: [],
        ...(identity === undefined ? {} : { identity }),
      };
    }
  },
};

function* secrets(
  value: JsonValue,
  path: ManifestPath,
): Generator<{ readonly path: ManifestPath; readonly what: string }> {
  if (typeof value === 'string') {
    if (PRIVATE_KEY.test(value)) yield { path, what: 'a private key' };
    else if (SIGNED_TOKEN.test(value)) yield { path, what: 'a signed token' };
    else if (ACCESS_KEY.test(value)) yield { path, what: 'an access key' };
    else if (isSecretField(path) && value !== '' && !HARMLESS_VALUE.test(value))
      yield { path, what: 'what looks like a secret' };
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly JsonValue[]).entries())
      yield* secrets(item, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* secrets(item, [...path, key]);
  }
}

function isSecretField(path: ManifestPath): boolean {
  const field = path.at(-1);
  return typeof field === 'string' && field.length <= 80 && SECRET_FIELD.test(field);
}

import { isObject, type JsonValue, type ManifestPath } from '../../manifest/path.ts';
import { secretByForm } from '../../secrets/secretByForm.ts';
import { isNoPlainValue } from '../../secrets/secretValue.ts';
import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';

/** Also one that was cut off, or is no key any more. */
const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File-[0-9]:/m;
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
    const what = PRIVATE_KEY.test(value) ? 'a private key' : secretByForm(value);
    if (what !== undefined) yield { path, what };
    else if (isSecretField(path) && !isHarmless(value)) yield { path, what: 'what looks like a secret' };
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly JsonValue[]).entries())
      yield* secrets(item, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* secrets(item, [...path, key]);
  }
}

/** A reference, ciphertext, the hash of a password or a word of our own. */
function isHarmless(value: string): boolean {
  return value === '' || HARMLESS_VALUE.test(value) || isNoPlainValue(value);
}

function isSecretField(path: ManifestPath): boolean {
  const field = path.at(-1);
  return typeof field === 'string' && field.length <= 80 && SECRET_FIELD.test(field);
}

/** Whether what a setting says is the secret itself: not where it lies, not its ciphertext, not a word that stands for it. */
import { isPlaceholder } from './placeholder.ts';

/** Filled in by somebody else: a template, a variable, a path, a name in a store. */
const REFERENCES = [
  /\$\{|\$\(|\{\{|\}\}|<%|%>|%\(|[$%]\[|#\{|__\w+__/,
  /^\$(?!\d[a-z]?\$)|^<|>$|^%[^%]+%$|^%(?:prompt|smartcard)|^@[\w.-]+@$|^\{[\w.-]*\}$|^\{[\w+/]{16,}={0,2}\}$|^\[.*\]$|^&[\w.]+$|^\*{1,2}\w*$/,
  /^(?:vault|arn|op|awskms|gcpkms|azurekms|secretref|secret|env|file|ssm|sm|secretsmanager|keyvault|bws|conjur|akeyless|doppler|infisical|gopass|keyring|k8s|exec|cmd|https?|pkcs11|ref\+\w+|cred\w*|aws-sm|gcp-sm|sops|base64decode|lookup|parameter|resolve)\b[+]?:/i,
  /^(?:vault|projects|secrets?|kv|ssm|\.{0,2}|~|[A-Za-z]:)[/\\][\w./\\ -]+$/i,
  /^!|secretKeyRef|valueFrom|@Microsoft\.KeyVault|process\.env|environ|getenv|import\.meta/i,
  /^(?:var|local|data|module|each|self|env|config|settings|props|process|this|System|os|params|secrets|inputs|vars|random_\w+|values)\.[\w.[\]"'-]+$/i,
];

/** Ciphertext that is meant to be committed. */
const ENCRYPTED = [
  /^ENC[[(]|^\{cipher\}|^\$ANSIBLE_VAULT|^AQICAH|^-----BEGIN (?:AGE|PGP MESSAGE)|^age-encryption\.org|^YWdlLWVuY3J5cHRpb24|^vault:v\d+:|^hieradata|^!vault|^CiQA[\w+/]{40,}|^DEC::|^PKCS7/,
  /^Ag[A-Z][\w+/]{120,}={0,2}$/,
];

/** A hash does not let anybody in by itself. */
const HASHED =
  /^\{(?:S?SHA\d*|S?MD5|CRYPT|bcrypt|PBKDF2[\w-]*|ARGON2\w*)\}|^\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2\w*|pbkdf2[\w-]*|scrypt)\$|^(?:pbkdf2|bcrypt|scrypt|sha256|sha512|md5)[:$]/i;

/** Words that stand where a value will: alone, or with what people put around them. */
const STAND_IN =
  /^(?:(?:my|your|the|some|an?|test|user|db|new|old|root|admin|super|top|very|app|default|client|server|secure|strong|good|bad|any|plain|clear|wrong|correct|real|valid|invalid|store|key|trust|private|bind|ldap|ssl|tls|api|auth|access|login|account|vault|initial|current|long|random|shared)[-_. ]?)*(?:pass(?:word|wd|phrase|code)?|passw0rd|p[a@]ssw[o0]rd|pwd|pw|secret|token|pin|key|value|credentials?|string|text|here|hash|data|id|name)[-_. ]?(?:here|value|string|text|file|path|field|name|env|var|ref|id|hash|key)?[-_!]?\d{0,2}$/i;
/** Longer is no word, and costs too much to compare. */
const LONGEST_WORD = 48;
const WORDS =
  /^(?:change_?it|change[-_]?me.*|please.?change.*|replace.*|none|null|nil|true|false|yes|no|on|off|undefined|empty|auto|optional|required|hidden|masked|removed|omitted|undisclosed|blank|unset|n\/a|tbd|foo|bar|baz|foobar|qux|test(?:ing|er)?\d{0,3}|guest|admin|root|user(?:name)?|postgres|mysql|redis|mongo(?:db)?|rabbitmq|anonymous|default|unused|ignored|whatever|something|hello(?:world)?|string|bool(?:ean)?|int(?:eger)?|float|double|number|object|any|bytes|text|varchar|prompt|ask|interactive|generated?|encrypted|encoded|plain(?:text)?|literal|public|private|community|stdin|file|env|keychain|keyring|system|alice|bob|letmein|xyzzy|abc|abcd?123|qwerty|asdf|x+|y+|z+|\.+|-+|_+|\*+|•+|#+|\?+|[a-z])$/i;
/** In the documentation of Kubernetes, PostgreSQL, Terraform and others. */
const PUBLISHED: ReadonlySet<string> = new Set([
  '1f2d1e2e67df',
  't0p-Secret',
  't0p-Secr3t',
  'S!B\\*d$zDsb=',
  '39528$vdg7Jb',
  'hunter2',
  // Redis, FreeRADIUS.
  'foobared',
  'testing123',
  'P@ssw0rd',
  'p@ssw0rd',
  'Passw0rd!',
  // RFC 6749.
  'gX1fBat3bV',
  '7Fjfp0ZBr1KtDRbnfVdmIw',
  'tGzv3JOkF0XG5Qx2TlKWIA',
  '2YotnFZFEjr1zCsicMWpAA',
  'uXFGweU9l35qcif',
]);
const INSIDE =
  /\.\.\.|…|\bhere$|[<>]|\*{3}|x{4}|\bexample\b|\bsecret-?goes|not-?a-?real|some-?(?:secret|password|random)|s[u0]{1,2}per-?s[e3]cr[e3]t/i;
/** `keystoreProperties['x']`, `getPassword()`. */
const CALL = /^[\w.$]*[A-Za-z_][\w.$]*(?:\(|\[["'\w])/;
/** `config.tls.password`, `props->password`; names hardly ever have three digits in a row. */
const MEMBER = /^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+$/;

const IN_DOCUMENTS = /\.(?:md|mdx|rst|adoc|asciidoc|txt|html?|po|pot|1|5|8)$|(?:^|\/)docs?\//i;
const IN_TESTS =
  /(?:^|\/)(?:tests?|__tests__|testdata|test-data|fixtures?|examples?|samples?|spec|specs|mocks?|node_modules|vendor|third_party|demos?)\/|[._-](?:test|spec)\.\w+$|_test\.go$|\.d\.[cm]?ts$/i;
const SOURCE =
  /\.(?:[cm]?[jt]sx?|go|java|kts?|groovy|gradle|py|pyi|rb|rs|c|h|cc|cpp|hpp|cs|php|swift|scala|lua|p[lm]|dart|vue|svelte|map|sql|proto|graphql|ex|exs|erl|clj|hs|ml|zig|nim|r|vim|tcl|tm|el)$/i;

/** In source words alone are names, of fields and of kinds. */
const NAME = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/;

/** In source a value has quotes: a word without is a name. */
export function isSourceFile(path: string): boolean {
  return SOURCE.test(path);
}

/** A reference, ciphertext or a hash: nothing to be ashamed of. */
export function isNoPlainValue(value: string): boolean {
  return (
    REFERENCES.some((form) => form.test(value)) ||
    ENCRYPTED.some((form) => form.test(value)) ||
    HASHED.test(value)
  );
}

/** A password as people choose it, too: its place says that it is one, so that little has to be asked of itself. */
export function isSecretValue(value: string, path: string, shortest = 4): boolean {
  if (PUBLISHED.has(value)) return false;
  if (value.length < shortest || value.length > 1024 || isNoPlainValue(value)) return false;
  if (value.length <= LONGEST_WORD && (STAND_IN.test(value) || WORDS.test(value))) return false;
  if (INSIDE.test(value)) return false;
  if (
    (MEMBER.test(value) && !/\d{3}/.test(value)) ||
    CALL.test(value) ||
    /\s/.test(value.trim()) ||
    isPattern(value)
  )
    return false;
  if (
    /^--?[a-z][a-z-]*$|^:|^[A-Za-z_.-]+=$|^[A-Za-z]+(?:pass|password|passwd|pwd|secret|token)$/i.test(
      value,
    ) ||
    (isSourceFile(path) && NAME.test(value) && !isDrawn(value))
  )
    return false;
  if (value.length >= 16 ? isPlaceholder(value) : isPoor(value)) return false;
  // Where people explain and try out, what anybody could have thought of is an example.
  return isTriedOut(path) ? isMade(value) : true;
}

/** Written to be read by people. */
export function isDocument(path: string): boolean {
  return IN_DOCUMENTS.test(path) && !IN_TESTS.test(path);
}

/** Documents, tests, examples and what others wrote. */
export function isTriedOut(path: string): boolean {
  return IN_DOCUMENTS.test(path) || IN_TESTS.test(path);
}

/** Made by a machine, or by somebody who took care: letters and digits by turns, and hardly a word in it. */
export function isMade(value: string): boolean {
  if (value.length < 10 || !/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (/(?:pass|secret|word|token|test|demo|example|key|1234|abcd)/i.test(value) && value.length < 24)
    return false;
  return changes(value) >= value.length / 5;
}

/** Letters drawn at random change between small and capital far more often than names do. */
function isDrawn(value: string): boolean {
  return value.length >= 12 && changes(value) > value.length / 3;
}

/** How often the sort of sign changes: small, capital, digit, other. */
function changes(value: string): number {
  let count = 0;
  for (let at = 1; at < value.length; at += 1)
    if (sortOf(value.charCodeAt(at)) !== sortOf(value.charCodeAt(at - 1))) count += 1;
  return count;
}

function sortOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return 0;
  if (code >= 0x61 && code <= 0x7a) return 1;
  return code >= 0x41 && code <= 0x5a ? 2 : 3;
}

/** `0000`, `1234`, `87654321`, `123123`. */
function isPoor(value: string): boolean {
  if (new Set(value).size < 3) return true;
  const step = value.charCodeAt(1) - value.charCodeAt(0);
  const isRow = Array.from(value).every(
    (sign, at) => at === 0 || sign.charCodeAt(0) - value.charCodeAt(at - 1) === step,
  );
  const half = value.slice(0, value.length / 2);
  return (Math.abs(step) <= 1 && isRow) || (half.length > 2 && half + half === value) || /^1234/.test(value);
}

/** A regular expression, a format or a piece of a program. */
function isPattern(value: string): boolean {
  return /\[\^?[A-Za-z0-9]-[A-Za-z0-9]|^\^|\$$|\\[dwsb]|\[\^|\(\?|%[sdvq]|\{\d+\}|=>|\|\||&&|\)\s*[;{]/.test(
    value,
  );
}

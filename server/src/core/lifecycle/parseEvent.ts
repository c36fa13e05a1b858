import { API_VERSION } from '../identity/identityId.ts';
import { DELIVERY_CONTENTS } from './deliveryContent.ts';
import { type IdentityEvent, REVOCATION_REASONS } from './event.ts';
import { KEYSTORE_FORMATS } from './keystorePlace.ts';
import { STEP_VERBS, VERBS } from './plan.ts';

/** An event as a file of the record should hold it, or why it is none. A repository may hold anything under that name. */
export type ParsedEvent = { readonly event: IdentityEvent } | { readonly why: string };

type Check = (value: unknown) => boolean;

/** Also a file name: nothing in it that a file system or a shell could take amiss. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/;

const text: Check = (value) => typeof value === 'string';
/** A name that is handed to git: one line, and relative. */
const file: Check = (value) => typeof value === 'string' && /^[^\p{Cc}/][^\p{Cc}]{0,1023}$/u.test(value);
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && value.length <= 300 && pattern.test(value);
const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const time: Check = (value) => matches(TIME)(value) && !Number.isNaN(Date.parse(String(value)));
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    wrongField(value, checks) === undefined;

function wrongField(value: unknown, checks: Readonly<Record<string, Check>>): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'itself';
  const members = value as Readonly<Record<string, unknown>>;
  return Object.keys(checks).find((name) => !checks[name]?.(members[name]));
}

const CREDENTIAL = fields({
  serialNumber: matches(/^[0-9A-Za-z][\w./:@+-]*$/),
  subject: text,
  issuer: text,
  notBefore: time,
  notAfter: time,
  keyAlgorithm: optional(text),
  spkiSha256: optional(matches(/^[0-9a-f]{64}$/)),
  fingerprintSha256: matches(/^[0-9a-f]{64}$/),
});
const PLACE = {
  backend: text,
  as: text,
  path: text,
  contents: listOf(oneOf(DELIVERY_CONTENTS)),
  keystore: optional(fields({ format: oneOf(KEYSTORE_FORMATS), alias: text, passwordFile: text })),
};

const BASE: Readonly<Record<string, Check>> = {
  id: matches(ID),
  at: time,
  identity: fields({
    apiVersion: oneOf([API_VERSION]),
    kind: matches(KIND),
    namespace: matches(LABEL),
    name: matches(LABEL),
  }),
  generation: text,
  machine: optional(text),
  actor: fields({ name: text, tool: text }),
  because: optional(text),
  planId: text,
  chain: fields({
    clone: matches(ID),
    sequence: (value) => Number.isSafeInteger(value) && Number(value) > 0,
    previous: either(oneOf([null]), matches(/^[0-9a-f]{64}$/)),
  }),
};

const BEGINNING: Readonly<Record<string, Check>> = {
  credential: CREDENTIAL,
  publicText: text,
  replaces: listOf(text),
  specDigest: text,
  declaredIn: file,
};

const OF_TYPE: Readonly<Record<IdentityEvent['type'], Readonly<Record<string, Check>>>> = {
  issued: {
    ...BEGINNING,
    backend: text,
    key: optional(
      fields({
        origin: oneOf(['machine', 'store', 'engine', 'service']),
        algorithm: text,
        store: optional(text),
        keyId: optional(text),
      }),
    ),
  },
  adopted: {
    ...BEGINNING,
    backend: either(text, oneOf([null])),
    files: listOf(file),
    key: oneOf([undefined]),
  },
  delivered: { copy: fields({ ...PLACE, version: text }) },
  verified: {
    checks: listOf(fields({ what: text, ok: oneOf([true, false]), detail: text })),
    served: optional(listOf(fields({ endpoint: text, version: text, cipherSuite: text }))),
  },
  superseded: { by: text },
  revoked: { backend: text, serialNumber: text, reason: oneOf(REVOCATION_REASONS), revokedAt: time },
  destroyed: { what: either(fields({ key: oneOf([true]) }), fields({ copy: fields(PLACE) })) },
  forgotten: { why: text },
  abandoned: {
    verb: oneOf(VERBS),
    undoing: oneOf([true, false]),
    left: listOf(
      fields({ verb: oneOf(STEP_VERBS), what: text, backend: optional(text), target: optional(text) }),
    ),
  },
};

/** Members that a newer version added are kept, so they are bounded: what walks over an event may recurse. */
const MAXIMUM_DEPTH = 16;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

export function parseEvent(value: unknown): ParsedEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { why: 'it is no JSON object' };
  const { schemaVersion, type } = value as Readonly<Record<string, unknown>>;
  if (schemaVersion !== 1) return { why: 'its schemaVersion is not 1: a newer version of idac may read it' };
  if (typeof type !== 'string' || !Object.hasOwn(OF_TYPE, type))
    return { why: 'its type is none that is known' };
  const wrong = wrongField(value, { ...BASE, ...OF_TYPE[type as IdentityEvent['type']] });
  if (isDeeperThan(value, MAXIMUM_DEPTH)) return { why: `it is nested deeper than ${MAXIMUM_DEPTH} levels` };
  if (wrong !== undefined) return { why: `its field "${wrong}" is missing or has a wrong form` };
  return { event: value as IdentityEvent };
}

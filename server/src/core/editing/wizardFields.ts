/** A manifest asked for field by field: what there is to ask, what may be answered, and what comes of it. */
import type { IdentityKind } from '../identity/identityId.ts';
import { checkFormat } from '../schema/formats/formats.ts';
import { resolve, schemaAt, schemaOf } from '../schema/schemaAt.ts';
import { requiredFields, type Schema } from '../schema/schemaNode.ts';
import { valueOffers } from './completionValues.ts';
import type { Draft } from './draft.ts';
import { manifestDraft, type Surroundings } from './schemaDraft.ts';

export interface WizardChoice {
  readonly value: string;
  readonly label: string;
  readonly description: string;
}

/** One question. The answer to a list is its values with commas between. */
export interface WizardField {
  /** Path in the manifest with dots, or a name of its own. */
  readonly field: string;
  readonly title: string;
  readonly prompt: string;
  readonly is: 'choice' | 'text' | 'list';
  /** None: any text that fits. */
  readonly choices: readonly WizardChoice[];
  /** What is proposed. */
  readonly value: string;
  readonly placeholder: string;
  readonly optional: boolean;
}

/** Fields of the specification that a new manifest of this kind nearly always has, in their order. */
export function specFields(
  kind: string,
  type: string | undefined,
  around: Surroundings,
): readonly WizardField[] {
  const root = schemaOf(kind, type);
  const draft = manifestDraft(kind, around, type);
  const spec = draft?.is === 'map' ? draft.entries.find(([key]) => key === 'spec')?.[1] : undefined;
  if (root === undefined || spec === undefined) return [];
  const project = around.index.project();
  const hasOwner = project?.usable === true && project.spec.defaults?.owner !== undefined;
  return flatten(spec, ['spec'])
    .filter(({ path }) => path.join('.') !== 'spec.type' || kind !== 'Backend')
    .filter(({ path }) => !(hasOwner && path[1] === 'owner'))
    .map(({ path, offers }) => fieldAt(root, path, offers, around))
    .sort((a, b) => Number(isOwner(a)) - Number(isOwner(b)));
}

/** Who answers for it is asked last, and proposed as it was answered before. */
function isOwner({ field }: WizardField): boolean {
  return field.startsWith('spec.owner.');
}

interface Hole {
  readonly path: readonly string[];
  readonly offers: readonly string[];
}

function flatten(draft: Draft, path: readonly string[]): readonly Hole[] {
  switch (draft.is) {
    case 'map':
      return draft.entries.flatMap(([key, value]) => flatten(value, [...path, key]));
    case 'hole':
      return [{ path, offers: draft.offers }];
    case 'list':
      return draft.item.is === 'hole' ? [{ path, offers: draft.item.offers }] : [];
    case 'fixed':
      return [];
    default:
      return draft satisfies never;
  }
}

function fieldAt(
  root: Schema,
  path: readonly string[],
  offers: readonly string[],
  around: Surroundings,
): WizardField {
  const schema = schemaAt(root, path) ?? {};
  const isList = schema.type === 'array' && schema.items !== undefined;
  const value = isList && schema.items !== undefined ? resolve(root, schema.items) : schema;
  const isClosed = value.enum !== undefined || value['x-references'] !== undefined;
  const known = valueOffers(value, { ...around, namespace: '' });
  const choices = isClosed && !isList ? known.map(choiceOf(value)) : [];
  const proposed = proposal(path, value, known, around);
  return {
    field: path.join('.'),
    title: titleOf(root, path, schema),
    prompt: plain(schema.description ?? ''),
    is: choices.length > 0 ? 'choice' : isList ? 'list' : 'text',
    choices,
    value: isList || (isClosed && choices.length === 0) ? '' : proposed,
    placeholder: offers[0] ?? '',
    optional: !isRequired(root, path),
  };
}

function titleOf(root: Schema, path: readonly string[], schema: Schema): string {
  const parent = path.length > 2 ? schemaAt(root, path.slice(0, -1))?.title : undefined;
  const own = schema.title ?? path.at(-1) ?? '';
  return parent === undefined ? own : `${parent}: ${own}`;
}

/** Markdown's marks mean nothing in a prompt. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

function choiceOf({ default: standard }: Schema) {
  return ({ text, detail }: { readonly text: string; readonly detail: string }): WizardChoice => ({
    value: text,
    label: text,
    description: standard === text ? 'default' : detail === 'default' ? '' : detail,
  });
}

/** What fits most often: the default, the first that is known, the team of the manifests beside it. */
function proposal(
  path: readonly string[],
  schema: Schema,
  known: readonly { readonly text: string }[],
  { index }: Surroundings,
): string {
  if (path[1] === 'owner') {
    const owner = index.identities().at(-1)?.spec.owner;
    return (path[2] === 'team' ? owner?.team : owner?.contact) ?? '';
  }
  if (typeof schema.default === 'string') return schema.default;
  return known[0]?.text ?? '';
}

/** All on the way to it are required, too. */
function isRequired(root: Schema, path: readonly string[]): boolean {
  return path.slice(1).every((key, at) => {
    const parent = schemaAt(root, path.slice(0, at + 1));
    return parent !== undefined && requiredFields(parent).includes(key);
  });
}

/** Why a field cannot have this answer; undefined: it can. */
export function answerProblem(
  kind: string,
  type: string | undefined,
  { field, is, choices, optional }: WizardField,
  answer: string,
): string | undefined {
  const text = answer.trim();
  if (text === '') return optional ? undefined : 'An answer is needed here.';
  if (is === 'choice')
    return choices.some(({ value }) => value === text)
      ? undefined
      : `"${text.slice(0, 60)}" is none of the choices.`;
  const root = schemaOf(kind, type);
  const schema = root === undefined ? undefined : schemaAt(root, field.split('.'));
  if (root === undefined || schema === undefined) return undefined;
  const item = is === 'list' && schema.items !== undefined ? resolve(root, schema.items) : schema;
  for (const value of is === 'list' ? listed(text) : [text]) {
    const problem = valueProblem(item, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function valueProblem(schema: Schema, value: string): string | undefined {
  const { format, enum: allowed, pattern, maxLength } = schema;
  if (format !== undefined) return checkFormat(format, value)?.message;
  if (allowed !== undefined && !allowed.includes(value)) return `It is one of ${allowed.join(', ')}.`;
  if (maxLength !== undefined && value.length > maxLength) return `At most ${maxLength} characters.`;
  // Patterns are those of our own schemas.
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value.slice(0, 1024)))
    return 'It does not have the form that is needed here.';
  return undefined;
}

export function listed(answer: string): readonly string[] {
  return answer
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** What goes where, for kinds whose secret would otherwise be of no use; `{name}` is the identity's. */
export const USUAL_DELIVERIES: Readonly<
  Partial<Record<IdentityKind, readonly (readonly [path: string, contents: string, secret: boolean])[]>>
> = {
  Certificate: [
    ['tls/{name}.pem', 'chain', false],
    ['tls/{name}.key.pem', 'privateKey', true],
  ],
  SshCertificate: [
    ['ssh/{name}-cert.pub', 'certificate', false],
    ['ssh/{name}.key.pem', 'privateKey', true],
  ],
  SshKey: [
    ['ssh/{name}.pub', 'publicKey', false],
    ['ssh/{name}.key.pem', 'privateKey', true],
  ],
  Token: [['tokens/{name}.token', 'token', true]],
};

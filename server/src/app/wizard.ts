import path from 'node:path';
import { BACKENDS } from '../backends/generated/registry.ts';
import {
  answerProblem,
  specFields,
  USUAL_DELIVERIES,
  type WizardChoice,
  type WizardField,
} from '../core/editing/wizardFields.ts';
import { DEFAULT_NAMESPACE, IDENTITY_KINDS, isIdentityKind } from '../core/identity/identityId.ts';
import { traitsOf } from '../core/lifecycle/kindTraits.ts';
import { isIdentityFile } from '../core/manifest/fileName.ts';
import { backendRoles } from '../core/schema/backendRoles.ts';
import { checkFormat } from '../core/schema/formats/formats.ts';
import { schemaOf } from '../core/schema/schemaAt.ts';
import { projectPathProblem } from '../core/text/relativePath.ts';
import { LOCAL_CA } from './localCa.ts';
import {
  DELIVER,
  filled,
  isThere,
  targetFor,
  type WizardResult,
  type WizardSurroundings,
  wizardResult,
} from './wizardResult.ts';

export interface WizardRequest {
  readonly what: 'identity' | 'backend';
  /** By field; what is not there is asked. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface WizardStep extends WizardField {
  readonly n: number;
  readonly of: number;
  /** Why the answer that was given cannot be taken. */
  readonly problem: string | null;
}

export type WizardAnswer = { readonly step: WizardStep } | WizardResult;

const NEW_FOLDER = { identity: 'identities', backend: 'backends' } as const;

/** The first question that has no answer that can be taken; or what comes of all answers. */
export async function askWizard(
  { what, answers }: WizardRequest,
  around: WizardSurroundings,
  signal: AbortSignal,
): Promise<WizardAnswer> {
  const kind = what === 'backend' ? 'Backend' : (answers['kind'] ?? IDENTITY_KINDS[0]);
  const type = what === 'backend' ? answers['type'] : undefined;
  const fields = fieldsOf(what, kind, type, answers, around);
  for (const [at, field] of fields.entries()) {
    const answer = answers[field.field];
    const problem =
      answer === undefined ? null : ((await problemOf(kind, type, field, answer, around)) ?? null);
    if (answer !== undefined && problem === null) continue;
    return { step: { ...field, n: at + 1, of: fields.length, problem } };
  }
  return wizardResult(what, kind, type, fields, answers, around, signal);
}

function fieldsOf(
  what: WizardRequest['what'],
  kind: string,
  type: string | undefined,
  answers: WizardRequest['answers'],
  around: WizardSurroundings,
): readonly WizardField[] {
  const first = what === 'backend' ? typeField() : kindField();
  const name = answers['name'] ?? '';
  const spec = specFields(kind, type, { index: around.index, backendRoles: backendRoles() }).map((field) =>
    // A certificate that names nobody is a mistake; other names than these are written into the manifest.
    withEmbedded(kind, field.field === 'spec.dnsNames' ? { ...field, optional: false } : field, around),
  );
  const deliver = deliverField(kind, name, answers, around);
  const file = {
    ...question('file', 'File', 'Where the manifest is written, below this folder.'),
    value: `${NEW_FOLDER[what]}/${name}.identity.yaml`,
  };
  return [first, nameField(kind), ...spec, ...(deliver === undefined ? [] : [deliver]), file];
}

function question(field: string, title: string, prompt: string): WizardField {
  return { field, title, prompt, is: 'text', choices: [], value: '', placeholder: '', optional: false };
}

function kindField(): WizardField {
  const choices = IDENTITY_KINDS.map(
    (kind): WizardChoice => ({
      value: kind,
      label: kind,
      description: firstSentence(schemaOf(kind)?.description ?? ''),
    }),
  );
  return {
    ...question('kind', 'Kind', 'What is it that a machine proves itself with?'),
    is: 'choice',
    choices,
    value: IDENTITY_KINDS[0],
  };
}

function typeField(): WizardField {
  const choices = BACKENDS.map(
    ({ type, title, roles }): WizardChoice => ({
      value: type,
      label: type,
      description: `${title}: ${roles.join(', ')}`,
    }),
  );
  return {
    ...question('type', 'Type', 'What makes, keeps or ends the credentials?'),
    is: 'choice',
    choices,
    value: choices[0]?.value ?? '',
  };
}

function nameField(kind: string): WizardField {
  return {
    ...question('name', 'Name', 'Lower-case letters, digits and hyphens, at most 63.'),
    placeholder: kind === 'Backend' ? 'vault-prod' : 'payments-api',
  };
}

function firstSentence(text: string): string {
  return text.replaceAll('`', '').split('. ')[0] ?? '';
}

/** Where nothing plays the role yet, the authority inside this tool can: it is declared along with the identity. */
function withEmbedded(kind: string, field: WizardField, { index }: WizardSurroundings): WizardField {
  const traits = traitsOf(kind);
  if (traits === undefined || field.field !== `spec.${traits.issuerField}` || field.choices.length > 0)
    return field;
  const plays = backendRoles().get('local')?.includes(traits.role) === true;
  if (!plays || index.backend(LOCAL_CA) !== undefined) return field;
  const embedded = {
    value: LOCAL_CA,
    label: LOCAL_CA,
    description: 'new: the authority inside this tool, declared along with it',
  };
  return { ...field, is: 'choice', choices: [embedded], value: LOCAL_CA };
}

/** A secret that goes nowhere is of no use to anybody, so its usual place is proposed. */
function deliverField(
  kind: string,
  name: string,
  answers: WizardRequest['answers'],
  around: WizardSurroundings,
): WizardField | undefined {
  const usual = isIdentityKind(kind) ? USUAL_DELIVERIES[kind] : undefined;
  if (usual === undefined || targetFor(answers, around) === undefined) return undefined;
  const files = usual.map(([place]) => filled(place, name)).join(' and ');
  return {
    ...question(
      DELIVER,
      'Delivery',
      'Where it is put once it is issued; the manifest may name other places later.',
    ),
    is: 'choice',
    choices: [
      { value: 'files', label: files, description: 'files of this folder; git must ignore the secret one' },
      {
        value: 'later',
        label: 'Not yet',
        description: 'without a place its secret is erased once it is issued',
      },
    ],
    value: 'files',
  };
}

async function problemOf(
  kind: string,
  type: string | undefined,
  field: WizardField,
  answer: string,
  { index, root }: WizardSurroundings,
): Promise<string | undefined> {
  const text = answer.trim();
  const problem = answerProblem(kind, type, field, text);
  if (problem !== undefined) return problem;
  if (field.field === 'name') {
    const wrong = checkFormat('dns-label', text)?.message;
    if (wrong !== undefined) return wrong;
    const namespace = kind === 'Backend' ? '' : DEFAULT_NAMESPACE;
    const taken = index.get({ kind, namespace, name: text });
    return taken === undefined ? undefined : `${kind} ${text} is declared in ${taken.file} already.`;
  }
  if (field.field === 'file') {
    const wrong = projectPathProblem(text);
    if (wrong !== undefined) return `This path cannot be used: ${wrong}.`;
    if (!isIdentityFile(text))
      return 'Its name must end in .identity.yaml, so that it is known as a manifest.';
    if (await isThere(path.join(root, text))) return `${text} is there already.`;
  }
  return undefined;
}

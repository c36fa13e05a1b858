/** What comes of the answers to a wizard: files that are to be made, all of which are shown before. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { USUAL_DELIVERIES, type WizardField } from '../core/editing/wizardFields.ts';
import { wizardText } from '../core/editing/wizardText.ts';
import { isIdentityKind } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { Position } from '../core/text/position.ts';
import type { Git } from '../platform/git/git.ts';
import { LOCAL_CA, LOCAL_CA_FILE, localCaText } from './localCa.ts';
import type { WizardRequest } from './wizard.ts';

/** A file that is to be made, or text that one gets at its end. */
export interface WizardFile {
  readonly file: string;
  readonly text: string;
  /** The end of a file that is there; null: it is not. */
  readonly end: Position | null;
  readonly description: string;
}

export interface WizardResult {
  readonly files: readonly WizardFile[];
  /** The manifest that was asked for, and its line to begin with. */
  readonly file: string;
  readonly line: number;
}

export interface WizardSurroundings {
  readonly root: string;
  readonly name: string;
  readonly index: ProjectIndex;
  readonly git: Git | undefined;
}

/** The field that asks for the usual places of delivery. */
export const DELIVER = 'deliver';

export function filled(place: string, name: string): string {
  return place.replaceAll('{name}', name);
}

/** The embedded backend that would write the files. */
export function targetFor(
  answers: WizardRequest['answers'],
  { index }: WizardSurroundings,
): string | undefined {
  const named = answers['spec.issuer'];
  const local = index.backends().filter(({ usable, spec }) => usable && spec.type === 'local');
  const own = local.find(({ name }) => name === named) ?? local[0];
  // Before it is chosen, the one that would be declared along counts: so that no question comes as a surprise.
  const isNew = (named === undefined && own === undefined) || named === LOCAL_CA;
  if (isNew && index.backend(LOCAL_CA) === undefined) return LOCAL_CA;
  return own?.name;
}

export async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

/** All answers can be taken. */
export async function wizardResult(
  what: WizardRequest['what'],
  kind: string,
  type: string | undefined,
  fields: readonly WizardField[],
  answers: WizardRequest['answers'],
  around: WizardSurroundings,
  signal: AbortSignal,
): Promise<WizardResult> {
  const name = (answers['name'] ?? '').trim();
  const file = (answers['file'] ?? '').trim();
  const target = answers[DELIVER] === 'files' ? targetFor(answers, around) : undefined;
  const usual = target !== undefined && isIdentityKind(kind) ? (USUAL_DELIVERIES[kind] ?? []) : [];
  const deliveries = usual.map(([place, contents]) => ({
    backend: target ?? '',
    path: filled(place, name),
    contents,
  }));
  const text = wizardText({
    kind,
    name,
    type,
    fields: fields.filter(({ field }) => field.startsWith('spec.')),
    answers,
    deliveries,
  });
  const needsEmbedded =
    what === 'identity' &&
    around.index.backend(LOCAL_CA) === undefined &&
    Object.entries(answers).some(([field, answer]) => field.startsWith('spec.') && answer === LOCAL_CA);
  const secret = usual.filter(([, , isSecret]) => isSecret).map(([place]) => filled(place, name));
  return {
    files: [
      { file, text, end: null, description: `${kind} ${name}` },
      ...(needsEmbedded && !(await isThere(path.join(around.root, LOCAL_CA_FILE)))
        ? [
            {
              file: LOCAL_CA_FILE,
              text: localCaText(around.name, ownerOf(answers)),
              end: null,
              description: `Backend ${LOCAL_CA}, the authority inside this tool`,
            },
          ]
        : []),
      ...(await ignoring(secret, around, signal)),
    ],
    file,
    line: Math.max(
      0,
      text.split('\n').findIndex((each) => each.startsWith('  name:')),
    ),
  };
}

function ownerOf(answers: WizardRequest['answers']): string | null {
  const team = answers['spec.owner.team']?.trim() ?? '';
  const contact = answers['spec.owner.contact']?.trim() ?? '';
  return team === '' || contact === '' ? null : JSON.stringify({ team, contact });
}

function endOf(text: string): Position {
  const lines = text.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** A private key is only ever written where git ignores it. */
async function ignoring(
  secrets: readonly string[],
  { git, root }: WizardSurroundings,
  signal: AbortSignal,
): Promise<readonly WizardFile[]> {
  const standing = await git?.standingOf(secrets, signal);
  const lines = secrets.filter((each) => standing?.get(each) === 'untracked').map((each) => `/${each}`);
  if (lines.length === 0) return [];
  const before = await readFile(path.join(root, '.gitignore'), 'utf8').catch(() => undefined);
  const comment = '# Secrets that idac delivers';
  const isEnded = before === undefined || before === '' || before.endsWith('\n');
  return [
    {
      file: '.gitignore',
      text: `${isEnded ? '' : '\n'}${before?.includes(comment) === true ? '' : `${comment}\n`}${lines.join('\n')}\n`,
      end: before === undefined ? null : endOf(before),
      description: 'so that git never takes the secret along',
    },
  ];
}

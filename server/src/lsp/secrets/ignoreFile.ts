import type { CodeAction } from 'vscode-languageserver/node';
import { CodeActionKind } from 'vscode-languageserver/node';
import type { StandingOfFiles } from '../../app/api.ts';
import { projectFileEdit, projectFileText } from '../projectFileEdit.ts';
import type { OpenedProject } from '../projects.ts';
import type { Session } from '../session.ts';

const GITIGNORE = '.gitignore';

interface Asked {
  readonly facts: number;
  readonly standing: Promise<StandingOfFiles>;
}

/** By project and file: an editor asks for fixes wherever the cursor goes, and git is asked once. */
const asked = new WeakMap<OpenedProject, Map<string, Asked>>();

/** A line in `.gitignore` for a file that git would take along. Of one that it tracks, what to do in its place. */
export async function ignoreFileActions(
  session: Session,
  opened: OpenedProject,
  path: string,
  signal: AbortSignal,
): Promise<CodeAction[]> {
  if (!session.trusted()) return [];
  const standing = (await standingOf(session, opened, path, signal)).get(path);
  if (standing === 'tracked') {
    const title = 'Take it out of git…';
    return [
      {
        title,
        kind: CodeActionKind.QuickFix,
        isPreferred: false,
        command: { title, command: 'idac.tellTracked', arguments: [{ uri: opened.uri, file: path }] },
      },
    ];
  }
  if (standing !== 'untracked') return [];
  const read = projectFileText(session, opened, GITIGNORE);
  if (read.kind === 'refused') return [];
  const before = read.kind === 'text' ? read.text : undefined;
  const isEnded = before === undefined || before === '' || before.endsWith('\n');
  const after = `${before ?? ''}${isEnded ? '' : '\n'}/${ignorePattern(path)}\n`;
  const edit = projectFileEdit(session, opened, GITIGNORE, before, after);
  if (edit === undefined) return [];
  return [{ title: `Add ${path} to .gitignore`, kind: CodeActionKind.QuickFix, isPreferred: false, edit }];
}

async function standingOf(
  { texts }: Session,
  opened: OpenedProject,
  path: string,
  signal: AbortSignal,
): Promise<StandingOfFiles> {
  const known = asked.get(opened) ?? new Map<string, Asked>();
  asked.set(opened, known);
  const before = known.get(path);
  if (before !== undefined && before.facts === texts.facts()) return before.standing;
  const standing = opened.project.standingOf([path], signal);
  known.set(path, { facts: texts.facts(), standing });
  standing.catch(() => known.delete(path));
  return standing;
}

/** gitignore(5): these have a meaning of their own, and so has a blank at the end. */
function ignorePattern(path: string): string {
  return path.replace(/[\\*?[\]#!]/g, '\\$&').replace(/ $/, '\\ ');
}

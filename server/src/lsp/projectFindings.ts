/** Findings by file: what manifests alone tell, of this very text, and what the records tell, as last read. */
import type { Finding } from '../core/finding.ts';
import type { OpenedProject } from './projects.ts';

/** Of the text as it was typed last: one that waits to be read is waited for. `asKnown`: do not wait for the records the first time; the client is told when there is more. */
export async function findingsOfFile(
  { project, state }: OpenedProject,
  path: string,
  options: { readonly signal: AbortSignal; readonly asKnown?: boolean },
): Promise<readonly Finding[]> {
  const snapshot = options.asKnown === true ? state.latest() : await state.snapshot(options.signal);
  await project.workspace.settled(options.signal);
  return [
    ...project.workspace.findingsOf(path),
    ...(snapshot?.findings ?? []).filter((finding) => finding.file === path),
  ];
}

/** A project's findings, of which each file's are made when they are asked for. */
export interface FindingsByFile {
  /** All manifests, also those without a finding, and other files that have any. */
  readonly paths: ReadonlySet<string>;
  /** Of the file as it is now. */
  of(path: string): readonly Finding[];
}

/** Whoever goes through all of them gives way to others between two files: after an edit of a policy each has to be judged. */
export async function findingsByFile(
  { project, state }: OpenedProject,
  signal: AbortSignal,
): Promise<FindingsByFile> {
  const { findings } = await state.snapshot(signal);
  await project.workspace.settled(signal);
  const onRecord = new Map<string, Finding[]>();
  for (const finding of findings) {
    const others = onRecord.get(finding.file);
    if (others === undefined) onRecord.set(finding.file, [finding]);
    else others.push(finding);
  }
  return {
    paths: new Set([...project.workspace.files().keys(), ...onRecord.keys()]),
    of: (path) => [...project.workspace.findingsOf(path), ...(onRecord.get(path) ?? [])],
  };
}

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

/** All manifests, also those without a finding, and other files that have any. */
export async function findingsByFile(
  { project, state }: OpenedProject,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const { findings } = await state.snapshot(signal);
  await project.workspace.settled(signal);
  const byFile = new Map<string, readonly Finding[]>(project.workspace.findings());
  for (const path of project.workspace.files().keys()) if (!byFile.has(path)) byFile.set(path, []);
  for (const finding of findings) byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), finding]);
  return byFile;
}

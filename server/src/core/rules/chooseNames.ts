import { type Choice, type Finding, type Fix, NAME_TO_CHOOSE } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { referenceText } from '../identity/references.ts';

const MOST_FIXES = 5;

/** Whether a fix waits for a name that only the project knows. */
export const waitsForName = (finding: Finding): boolean =>
  finding.fixes.some(({ choose }) => choose !== undefined);

/** Puts the names of the project's resources into fixes that wait for one; preferred where there is only one to choose. */
export function withNames(
  findings: readonly Finding[],
  index: ProjectIndex,
  backendRoles: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  return findings.map((finding) => {
    if (!waitsForName(finding)) return finding;
    const namespace = finding.identity?.namespace ?? '';
    return {
      ...finding,
      fixes: finding.fixes.flatMap((fix) =>
        fix.choose === undefined ? [fix] : named(fix, namesFor(fix.choose, index, backendRoles, namespace)),
      ),
    };
  });
}

/** While the project's names are not known. */
export function withoutNames(finding: Finding): Finding {
  if (!waitsForName(finding)) return finding;
  return { ...finding, fixes: finding.fixes.filter(({ choose }) => choose === undefined) };
}

function namesFor(
  { kind, role }: Choice,
  index: ProjectIndex,
  backendRoles: ReadonlyMap<string, readonly string[]>,
  namespace: string,
): readonly string[] {
  const able = index.ofKind(kind).filter(({ spec }) => {
    const type = spec['type'];
    return role === undefined || typeof type !== 'string' || (backendRoles.get(type)?.includes(role) ?? true);
  });
  return [...new Set(able.map((resource) => referenceText(index, resource, namespace)))];
}

function named({ title, edits }: Fix, names: readonly string[]): readonly Fix[] {
  return names.slice(0, MOST_FIXES).map((name) => ({
    title: title.replaceAll(NAME_TO_CHOOSE, name),
    preferred: names.length === 1,
    edits: edits.map((edit) => ({ ...edit, newText: edit.newText.replaceAll(NAME_TO_CHOOSE, name) })),
  }));
}

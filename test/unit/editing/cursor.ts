/** Texts with a cursor: `│` stands where it is. */
import { buildProjectIndex, type ProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { type ManifestFile, parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { lineIndex } from '../../../server/src/core/text/lineIndex.ts';
import type { Position, Range } from '../../../server/src/core/text/position.ts';

export const NEIGHBOURS = `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: local-ca
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
---
apiVersion: identity-as-code/v1
kind: Machine
metadata:
  name: web-1
spec:
  type: vm
---
apiVersion: identity-as-code/v1
kind: Machine
metadata:
  name: pay-1
  namespace: payments
spec:
  type: server
`;

export interface Marked {
  readonly file: ManifestFile;
  readonly index: ProjectIndex;
  readonly text: string;
  readonly position: Position;
}

/** A project of one file beside the neighbours, and the cursor in it. */
export function at(
  marked: string,
  name = 'here.identity.yaml',
  others: Readonly<Record<string, string>> = {},
): Marked {
  const offset = marked.indexOf('│');
  const text = marked.replace('│', '');
  const file = parseManifestFile(name, text);
  const files = new Map([[name, file]]);
  for (const [path, content] of Object.entries({ 'neighbours.identity.yaml': NEIGHBOURS, ...others }))
    files.set(path, parseManifestFile(path, content));
  return { file, index: buildProjectIndex(files), text, position: lineIndex(text).positionAt(offset) };
}

export function applied(
  text: string,
  edits: readonly { readonly range: Range; readonly newText: string }[],
): string {
  const lines = lineIndex(text);
  return edits
    .map(({ range, newText }) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      newText,
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

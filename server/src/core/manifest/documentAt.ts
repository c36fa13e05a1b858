import type { ManifestDocument, ManifestFile } from './manifestFile.ts';

/** The document that a line belongs to; undefined below the last one. */
export function documentAt({ documents }: ManifestFile, line: number): ManifestDocument | undefined {
  const document = documents[placeAt(documents, line)];
  return document !== undefined && line <= document.endLine ? document : undefined;
}

/** Which document a line is in; what lies below the last one is in that. */
export function placeAt(documents: readonly Pick<ManifestDocument, 'startLine'>[], line: number): number {
  let low = 0;
  let high = documents.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((documents[middle]?.startLine ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}

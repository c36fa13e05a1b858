import type { ManifestDocument, ManifestFile } from './manifestFile.ts';

/** The document that a line belongs to; undefined below the last one. */
export function documentAt({ documents }: ManifestFile, line: number): ManifestDocument | undefined {
  let low = 0;
  let high = documents.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((documents[middle]?.startLine ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  const document = documents[low];
  return document !== undefined && line <= document.endLine ? document : undefined;
}

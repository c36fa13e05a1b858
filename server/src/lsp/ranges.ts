import type { Range } from 'vscode-languageserver/node';

/** Of what came from a client. */
export function isRange(value: unknown): value is Range {
  if (typeof value !== 'object' || value === null) return false;
  const { start, end } = value as Partial<Range>;
  return [start, end].every(
    (place) => Number.isSafeInteger(place?.line) && Number.isSafeInteger(place?.character),
  );
}

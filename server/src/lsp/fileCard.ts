/** The credentials in a file that a manifest names, as lines for a hover. Nothing private of a key is among them. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { contains } from '../app/projectRoot.ts';
import type { CredentialItem } from '../core/credential/inspect/item.ts';
import type { ManifestDocument } from '../core/manifest/manifestFile.ts';
import { plural } from '../core/text/instant.ts';
import type { Position } from '../core/text/position.ts';
import { chainLine, type Line, namesLine, optional } from './credentialLines.ts';

export interface FileCard {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** What a hover reads of a file; a larger one is for the viewer. */
const LIMIT = 1024 * 1024;
/** Of a path with `{machine}`, and of a file with many credentials. */
const MOST = 3;

/** Undefined: no file is named there, or none of those that are is there. */
export async function fileCards(
  root: string,
  document: ManifestDocument,
  position: Position,
  now: Date,
  signal: AbortSignal,
): Promise<readonly FileCard[] | undefined> {
  const { namedFiles } = await import('../core/editing/filePaths.ts');
  const named = namedFiles(document).find(({ range }) => isWithin(range, position));
  if (named === undefined) return undefined;
  const cards: FileCard[] = [];
  for (const file of named.files) {
    if (cards.length >= MOST) break;
    const card = await fileCard(root, file, now, signal);
    if (card !== undefined) cards.push(card);
  }
  return cards.length === 0 ? undefined : cards;
}

async function fileCard(
  root: string,
  file: string,
  now: Date,
  signal: AbortSignal,
): Promise<FileCard | undefined> {
  // A link may lead out of the project: what lies there is none of the manifest's business.
  const [real, top] = await Promise.all(
    [path.join(root, file), root].map((each) => realpath(each).catch(() => undefined)),
  );
  if (real === undefined || top === undefined || !contains(top, real)) return undefined;
  const [{ readCredentialFile }, { cardHead }] = await Promise.all([
    import('../app/inspect/reading.ts'),
    import('../core/credential/view/card.ts'),
  ]);
  const reading = await readCredentialFile(real, file, { now, lint: 'auto' }, signal, LIMIT);
  if (reading.kind !== 'read') return undefined;
  const { items } = reading;
  const shown = items.slice(0, 1);
  const above = items.slice(1).filter(({ type }) => type === 'certificate');
  const [first] = shown;
  if (first === undefined || first.type === 'unknown') return undefined;
  const { kind, status, validity } = cardHead(first, 0, now);
  const more = items.length - 1 - above.length;
  return {
    title: file,
    lines: [
      ['Holds', kind],
      ...optional('State', status?.text),
      ...publicLines(first),
      ...chainLine(above),
      ...optional('Valid', validity === null ? null : `${validity.from} to ${validity.until}`),
      ...optional('Key', first.keyAlgorithm),
      ...optional('Serial', first.serialNumber),
      ...optional('SHA-256', first.fingerprintSha256 ?? first.sshFingerprint),
      ...optional('SHA-256 of the key', first.spkiSha256),
      ...optional('And', more > 0 ? `${plural(more, 'more credential')} in this file` : null),
      ...first.findings.slice(0, MOST).map(({ severity, message }): Line => [severity, message]),
    ],
  };
}

function publicLines(item: CredentialItem): readonly Line[] {
  return [
    ...optional('Subject', item.subject),
    ...namesLine(item),
    ...optional('Usages', item.extendedKeyUsages.join(', ')),
    ...optional('Issuer', item.issuer ?? item.ssh?.signedBy),
  ];
}

function isWithin(
  { start, end }: { readonly start: Position; readonly end: Position },
  { line, character }: Position,
): boolean {
  const after = line > start.line || (line === start.line && character >= start.character);
  return after && (line < end.line || (line === end.line && character <= end.character));
}

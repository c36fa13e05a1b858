import {
  type Hover,
  HoverRequest,
  type MarkupContent,
  MarkupKind,
  type Position,
} from 'vscode-languageserver/node';
import { CERT_MANAGER_CERTIFICATE, qualifiedKind } from '../../core/identity/certManager.ts';
import { isIdentityKind } from '../../core/identity/identityId.ts';
import { documentAt } from '../../core/manifest/documentAt.ts';
import type { ManifestDocument, PathAt } from '../../core/manifest/manifestFile.ts';
import { valueAt } from '../../core/manifest/path.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import { type FileAt, fileAt } from '../fileAt.ts';
import { identityCard } from '../identityCard.ts';
import { markdownTable, plainTable } from '../markdown.ts';
import type { OpenedProject } from '../projects.ts';
import { type Call, type Feature, onRequest } from '../table.ts';

/** What a field means; on an identity's name, what its record says. */
export const hover: Feature = {
  capabilities: () => ({ hoverProvider: true }),
  rows: [
    onRequest(HoverRequest.type, async ({ textDocument, position }, call): Promise<Hover | null> => {
      const here = await fileAt(call.session, textDocument);
      const document = here && documentAt(here.file, position.line);
      const at = document?.ours ? document.pathAt(position) : undefined;
      if (here === undefined || document === undefined || at === undefined) return null;
      const contents =
        (await aboutIdentity(here.opened, document, at, call)) ??
        (await aboutReference(here, position, call)) ??
        (await aboutField(document, at, call));
      return contents === undefined ? null : { contents, range: at.range };
    }),
  ],
};

async function aboutIdentity(
  opened: OpenedProject,
  { resource }: ManifestDocument,
  at: PathAt,
  call: Call,
): Promise<MarkupContent | undefined> {
  if (resource === undefined || !isName(at) || !isListed(resource)) return undefined;
  const cards = await identityCard(opened, resource.id, call.signal);
  if (cards.length === 0) return undefined;
  return call.session.client.readsMarkdown
    ? { kind: MarkupKind.Markdown, value: cards.map(markdownTable).join('\n\n') }
    : { kind: MarkupKind.PlainText, value: cards.map(plainTable).join('\n\n') };
}

/** What a reference leads to. */
async function aboutReference(
  { opened, path }: FileAt,
  position: Position,
  { session }: Call,
): Promise<MarkupContent | undefined> {
  const [{ occurrenceAt }, { resourceCard }, { backendRoles }] = await Promise.all([
    import('../../core/editing/occurrences.ts'),
    import('../../core/editing/resourceCard.ts'),
    import('../../core/schema/backendRoles.ts'),
  ]);
  const index = opened.project.workspace.index();
  const named = occurrenceAt(index, path, position);
  if (named?.is !== 'reference') return undefined;
  const card = resourceCard(index, named.resource, backendRoles());
  return session.client.readsMarkdown
    ? { kind: MarkupKind.Markdown, value: markdownTable(card) }
    : { kind: MarkupKind.PlainText, value: plainTable(card) };
}

async function aboutField(
  document: ManifestDocument,
  { path }: PathAt,
  { session }: Call,
): Promise<MarkupContent | undefined> {
  const kind = document.resource?.kind ?? kindOf(document);
  if (kind === undefined) return undefined;
  // The schemas are data of some size, needed by the first hover and not by `initialize`.
  const [{ describePath }, { backendTypeOf }, { fieldText }] = await Promise.all([
    import('../../core/schema/describe.ts'),
    import('../../core/schema/schemaAt.ts'),
    import('../fieldText.ts'),
  ]);
  const field = describePath(kind, path, backendTypeOf(document.value));
  if (field === undefined) return undefined;
  const value = fieldText(path, field);
  return { kind: session.client.readsMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText, value };
}

function kindOf({ value }: ManifestDocument): string | undefined {
  const kind = valueAt(value, ['kind']);
  return typeof kind === 'string' ? qualifiedKind(valueAt(value, ['apiVersion']), kind) : undefined;
}

function isName({ path }: PathAt): boolean {
  return path.length === 2 && path[0] === 'metadata' && path[1] === 'name';
}

/** It has a row in the inventory. */
function isListed({ kind }: Resource): boolean {
  return kind === CERT_MANAGER_CERTIFICATE || isIdentityKind(kind);
}

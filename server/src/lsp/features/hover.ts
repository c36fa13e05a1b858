import {
  type Hover,
  HoverRequest,
  type MarkupContent,
  MarkupKind,
  type Position,
} from 'vscode-languageserver/node';
import { CERT_MANAGER_CERTIFICATE, qualifiedKind } from '../../core/identity/certManager.ts';
import { formatIdentity, isIdentityKind } from '../../core/identity/identityId.ts';
import { documentAt } from '../../core/manifest/documentAt.ts';
import { isPolicyTestFile, POLICY_TEST } from '../../core/manifest/fileName.ts';
import type { ManifestDocument, PathAt } from '../../core/manifest/manifestFile.ts';
import { valueAt } from '../../core/manifest/path.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import { visible } from '../../core/text/visible.ts';
import type { Line } from '../credentialLines.ts';
import { type FileAt, fileAt } from '../fileAt.ts';
import { identityCard } from '../identityCard.ts';
import { escapeMarkdown, markdownTable, plainTable } from '../markdown.ts';
import { policiesOn } from '../policyText.ts';
import type { OpenedProject } from '../projects.ts';
import { type Call, type Feature, onRequest } from '../table.ts';

/** On an identity's name, what is known of it; on a reference, what it names; on a file, what it holds; else what the field means. */
export const hover: Feature = {
  capabilities: () => ({ hoverProvider: true }),
  rows: [
    onRequest(HoverRequest.type, async ({ textDocument, position }, call): Promise<Hover | null> => {
      const here = await fileAt(call.session, textDocument);
      const document = here && documentAt(here.file, position.line);
      const at = document?.ours ? document.pathAt(position) : undefined;
      if (here === undefined || document === undefined || at === undefined) return null;
      const word = await aboutExpression(document, position, call);
      if (word !== undefined) return word;
      const contents =
        (await aboutIdentity(here.opened, document, at, call)) ??
        (await aboutReference(here, position, call)) ??
        (await aboutFile(here, document, position, call)) ??
        (await aboutField(here, document, at, call));
      const asked = policiesOn(here, position.line, at.path, call.session.client.readsMarkdown, position);
      return contents === undefined ? null : { contents: joined(contents, asked), range: at.range };
    }),
  ],
};

function joined({ kind, value }: MarkupContent, more: string): MarkupContent {
  return { kind, value: more === '' ? value : `${value}\n\n${more}` };
}

/** In an expression of a policy: the field that the word names. */
async function aboutExpression(
  document: ManifestDocument,
  position: Position,
  { session }: Call,
): Promise<Hover | undefined> {
  if (document.resource?.kind !== 'Policy') return undefined;
  const [{ expressionWord }, { describePath }, { fieldText }] = await Promise.all([
    import('../../core/editing/expressionFields.ts'),
    import('../../core/schema/describe.ts'),
    import('../fieldText.ts'),
  ]);
  const word = expressionWord(document, position);
  if (word === undefined) return undefined;
  const field = word.is === 'field' ? describePath(word.kind, word.path) : undefined;
  const value =
    word.is === 'variable' ? `**${word.name}**\n\n${word.text}` : field && fieldText(word.path, field);
  if (value === undefined) return undefined;
  const kind = session.client.readsMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value }, range: word.range };
}

async function aboutIdentity(
  opened: OpenedProject,
  { resource }: ManifestDocument,
  at: PathAt,
  call: Call,
): Promise<MarkupContent | undefined> {
  return resource === undefined || !isName(at) || !isListed(resource)
    ? undefined
    : identityContents(opened, resource, call);
}

async function identityContents(
  opened: OpenedProject,
  { id }: Resource,
  { session, signal }: Call,
  more: readonly Line[] = [],
): Promise<MarkupContent | undefined> {
  const lines = await identityCard(opened, id, session.now(), signal);
  return lines.length === 0
    ? undefined
    : contentsOf(session, [{ title: formatIdentity(id), lines: [...lines, ...more] }]);
}

/** What a reference leads to: of an identity all that is known of it, of everything else what its manifest says. */
async function aboutReference(
  { opened, path }: FileAt,
  position: Position,
  call: Call,
): Promise<MarkupContent | undefined> {
  const [{ occurrenceAt }, { resourceCard }, { backendRoles }] = await Promise.all([
    import('../../core/editing/occurrences.ts'),
    import('../../core/editing/resourceCard.ts'),
    import('../../core/schema/backendRoles.ts'),
  ]);
  const index = opened.project.workspace.index();
  const named = occurrenceAt(index, path, position);
  if (named?.is !== 'reference') return undefined;
  const { resource } = named;
  const card = resourceCard(index, resource, backendRoles());
  const beside = card.filter(([label]) => BESIDE_STANDING.includes(label));
  const known = isListed(resource) ? await identityContents(opened, resource, call, beside) : undefined;
  if (known !== undefined) return known;
  const wantsSignIn = resource.kind === 'Backend' && opened.state.latest()?.signIn.has(resource.name);
  const signIn: readonly Line[] =
    wantsSignIn === true ? [['Sign-in', 'a login, or the confirmation of its address, is missing']] : [];
  return contentsOf(call.session, [{ title: '', lines: [...card, ...signIn] }]);
}

/** What a manifest alone says of an identity, beside where it stands. */
const BESIDE_STANDING: readonly string[] = ['Type', 'SPIFFE ID', 'Declared in', 'Named'];

/** A delivery, a request, a public key: what lies there, decoded. */
async function aboutFile(
  { opened }: FileAt,
  document: ManifestDocument,
  position: Position,
  { session, signal }: Call,
): Promise<MarkupContent | undefined> {
  const { fileCards } = await import('../fileCard.ts');
  const cards = await fileCards(opened.root, document, position, session.now(), signal);
  return cards === undefined ? undefined : contentsOf(session, cards);
}

interface Card {
  /** Empty: the lines say it. */
  readonly title: string;
  readonly lines: readonly Line[];
}

function contentsOf({ client }: Call['session'], cards: readonly Card[]): MarkupContent {
  return client.readsMarkdown
    ? { kind: MarkupKind.Markdown, value: cards.map(markdownCard).join('\n\n') }
    : { kind: MarkupKind.PlainText, value: cards.map(plainCard).join('\n\n') };
}

function markdownCard({ title, lines }: Card): string {
  return [...(title === '' ? [] : [`**${escapeMarkdown(title)}**`]), markdownTable(lines)].join('\n\n');
}

function plainCard({ title, lines }: Card): string {
  return [...(title === '' ? [] : [visible(title)]), plainTable(lines)].join('\n');
}

async function aboutField(
  { path: file }: FileAt,
  document: ManifestDocument,
  { path }: PathAt,
  { session }: Call,
): Promise<MarkupContent | undefined> {
  const kind = isPolicyTestFile(file) ? POLICY_TEST : (document.resource?.kind ?? kindOf(document));
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

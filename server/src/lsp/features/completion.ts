import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  CompletionRequest,
  CompletionResolveRequest,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from 'vscode-languageserver/node';
import type { Completion } from '../../core/editing/completion.ts';
import type { Client } from '../client.ts';
import { fileAt } from '../fileAt.ts';
import { markdownTable, plainTable } from '../markdown.ts';
import { policiesOn } from '../policyText.ts';
import { type Call, type Feature, onRequest } from '../table.ts';

/** Travels with the item, and comes back when its documentation is asked for. */
interface ItemData {
  readonly uri: string;
  readonly line: number;
  readonly about: Completion['about'];
}

const KIND: Readonly<Record<Completion['is'], CompletionItemKind>> = {
  field: CompletionItemKind.Property,
  item: CompletionItemKind.Struct,
  manifest: CompletionItemKind.Snippet,
  enum: CompletionItemKind.EnumMember,
  boolean: CompletionItemKind.Value,
  reference: CompletionItemKind.Reference,
  duration: CompletionItemKind.Unit,
  text: CompletionItemKind.Text,
};

/** Keys and values that fit where the cursor is: those of the manifest's kind, and no others. */
export const completion: Feature = {
  capabilities: () => ({
    completionProvider: {
      triggerCharacters: [':', ' ', '"', '[', '{', ',', '-', '.'],
      resolveProvider: true,
    },
  }),
  rows: [
    onRequest(CompletionRequest.type, async (params, { session, signal }): Promise<CompletionList> => {
      const { textDocument, position } = params;
      const at = await fileAt(session, textDocument);
      if (at === undefined) return { isIncomplete: false, items: [] };
      const [{ completionsAt }, { backendRoles }] = await Promise.all([
        import('../../core/editing/completion.ts'),
        import('../../core/schema/backendRoles.ts'),
      ]);
      signal.throwIfAborted();
      // A dot stands in names and addresses, too; only in an expression something is chosen behind it.
      if (params.context?.triggerCharacter === '.') {
        const { isInExpression } = await import('../../core/editing/expressionFields.ts');
        if (!isInExpression(at.file, position)) return { isIncomplete: false, items: [] };
      }
      const { workspace } = at.opened.project;
      const around = {
        index: workspace.index(),
        backendRoles: backendRoles(),
        asksOf: workspace.asksOf,
      };
      const found = completionsAt(workspace.typed(at.path) ?? at.file, position, around);
      const toItem = itemOf(session.client, textDocument.uri, position.line);
      return { isIncomplete: false, items: found.map(toItem) };
    }),
    onRequest(CompletionResolveRequest.type, async (item, call) => {
      const data = readData(item.data);
      const documentation = data && (await documentationOf(data, call));
      if (documentation === undefined) return item;
      const kind = call.session.client.completes.markdown ? MarkupKind.Markdown : MarkupKind.PlainText;
      return { ...item, documentation: { kind, value: documentation } };
    }),
  ],
};

function itemOf({ completes }: Client, uri: string, line: number) {
  return (offer: Completion, place: number): CompletionItem => {
    const { replace, insert, text } = offer;
    const isSnippet = completes.snippets && text.snippet !== text.plain;
    const newText = completes.snippets ? text.snippet : text.plain;
    const data: ItemData = { uri, line, about: offer.about };
    return {
      label: offer.label,
      kind: KIND[offer.is],
      ...(offer.detail === '' ? {} : { detail: offer.detail }),
      // Editors sort by this text: the order is the schema's, not the alphabet's.
      sortText: String(place).padStart(4, '0'),
      filterText: offer.filter,
      textEdit: completes.insertReplace ? { newText, insert, replace } : { newText, range: replace },
      insertTextFormat: completes.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      ...(isSnippet && completes.adjustsIndentation
        ? { insertTextMode: InsertTextMode.adjustIndentation }
        : {}),
      data,
    };
  };
}

function readData(data: unknown): ItemData | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { uri, line, about }: { uri?: unknown; line?: unknown; about?: unknown } = data;
  // It is what this server wrote.
  if (typeof uri !== 'string' || typeof line !== 'number' || typeof about !== 'object' || about === null)
    return undefined;
  return { uri, line, about: about as Completion['about'] };
}

/** What hover would say of it once it stands there. */
async function documentationOf(
  { uri, line, about }: ItemData,
  { session }: Call,
): Promise<string | undefined> {
  switch (about.is) {
    case 'field': {
      const [{ describePath }, { fieldText }] = await Promise.all([
        import('../../core/schema/describe.ts'),
        import('../fieldText.ts'),
      ]);
      const field = describePath(about.kind, about.path, about.type ?? undefined);
      if (field === undefined) return undefined;
      const at = await fileAt(session, { uri });
      const asked = policiesOn(at, line, about.path, session.client.completes.markdown);
      return [fieldText(about.path, field), asked].filter((text) => text !== '').join('\n\n');
    }
    case 'resource': {
      const [{ resourceCard }, { backendRoles }] = await Promise.all([
        import('../../core/editing/resourceCard.ts'),
        import('../../core/schema/backendRoles.ts'),
      ]);
      const index = (await session.projects.near(uri))?.project.workspace.index();
      const resource = index?.get(about);
      if (index === undefined || resource === undefined) return undefined;
      const table = session.client.completes.markdown ? markdownTable : plainTable;
      return table(resourceCard(index, resource, backendRoles()));
    }
    default:
      return about satisfies never;
  }
}

import {
  type Range,
  type SemanticTokens,
  type SemanticTokensDelta,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver/node';
import type { TokenKind } from '../../core/editing/tokens.ts';
import type { ManifestFile } from '../../core/manifest/manifestFile.ts';
import type { OpenDocument } from '../documents.ts';
import { readFileAt } from '../fileAt.ts';
import { type Feature, onRequest } from '../table.ts';

const TYPES = ['class', 'variable', 'enumMember', 'number'];
const MODIFIERS = ['declaration'];
const TYPE: Readonly<Record<TokenKind, readonly [type: number, modifiers: number]>> = {
  name: [TYPES.indexOf('class'), 1 << MODIFIERS.indexOf('declaration')],
  reference: [TYPES.indexOf('class'), 0],
  machine: [TYPES.indexOf('variable'), 0],
  choice: [TYPES.indexOf('enumMember'), 0],
  duration: [TYPES.indexOf('number'), 0],
};

interface Sent {
  readonly id: number;
  readonly data: readonly number[];
}
const NOTHING: SemanticTokens = { data: [] };

/** What was sent last for each open document, so that a key sends only what it changed. */
const sent = new WeakMap<OpenDocument, Sent>();

/** Names, references, choices and durations in colours of their own. */
export const semanticTokens: Feature = {
  capabilities: () => ({
    semanticTokensProvider: {
      legend: { tokenTypes: TYPES, tokenModifiers: MODIFIERS },
      full: { delta: true },
      range: true,
    },
  }),
  rows: [
    onRequest(
      SemanticTokensRequest.type,
      async ({ textDocument }, { session, signal }): Promise<SemanticTokens> => {
        const at = await readFileAt(session, textDocument, signal);
        if (at === undefined) return NOTHING;
        const data = await encode(at.file);
        return { resultId: remember(session.documents.get(textDocument.uri), data), data: [...data] };
      },
    ),
    onRequest(
      SemanticTokensDeltaRequest.type,
      async (
        { textDocument, previousResultId },
        { session, signal },
      ): Promise<SemanticTokens | SemanticTokensDelta> => {
        const at = await readFileAt(session, textDocument, signal);
        if (at === undefined) return NOTHING;
        const document = session.documents.get(textDocument.uri);
        const data = await encode(at.file);
        const before = document && sent.get(document);
        const resultId = remember(document, data);
        if (before === undefined || String(before.id) !== previousResultId)
          return { resultId, data: [...data] };
        return { resultId, edits: differences(before.data, data) };
      },
    ),
    onRequest(
      SemanticTokensRangeRequest.type,
      async ({ textDocument, range }, { session, signal }): Promise<SemanticTokens> => {
        const at = await readFileAt(session, textDocument, signal);
        return at === undefined ? NOTHING : { data: [...(await encode(at.file, range))] };
      },
    ),
  ],
};

function remember(document: OpenDocument | undefined, data: readonly number[]): string {
  const id = ((document && sent.get(document))?.id ?? 0) + 1;
  if (document !== undefined) sent.set(document, { id, data });
  return String(id);
}

/** Five numbers a token, each place relative to the token before (LSP 3.18, textDocument/semanticTokens). */
async function encode(file: ManifestFile, range?: Range): Promise<readonly number[]> {
  const { tokensOf } = await import('../../core/editing/tokens.ts');
  const data: number[] = [];
  let lastLine = 0;
  let lastCharacter = 0;
  for (const document of file.documents) {
    if (range !== undefined && (document.endLine < range.start.line || document.startLine > range.end.line))
      continue;
    for (const token of tokensOf(document)) {
      const line = document.startLine + token.line;
      const [type, modifiers] = TYPE[token.kind];
      const character = line === lastLine ? token.character - lastCharacter : token.character;
      data.push(line - lastLine, character, token.length, type, modifiers);
      lastLine = line;
      lastCharacter = token.character;
    }
  }
  return data;
}

/** One edit: what is left when the same beginning and the same end are taken away. */
function differences(before: readonly number[], after: readonly number[]) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same])
    same += 1;
  const deleteCount = before.length - start - same;
  const data = after.slice(start, after.length - same);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}

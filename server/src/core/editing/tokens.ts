import type { ManifestDocument } from '../manifest/manifestFile.ts';
import { spanAt } from '../manifest/tree.ts';
import { checkFormat } from '../schema/formats/formats.ts';
import { backendTypeOf, described, schemaOf } from '../schema/schemaAt.ts';
import type { Schema } from '../schema/schemaNode.ts';
import { NAME_PATH, samePath } from './occurrences.ts';

/** What a colour theme may tell apart from any other text. */
export type TokenKind = 'name' | 'reference' | 'machine' | 'choice' | 'duration';

/** On one line, which counts from the document's first. */
export interface MarkedToken {
  readonly line: number;
  readonly character: number;
  readonly length: number;
  readonly kind: TokenKind;
}

/** Tokens by the value that a document holds: it stays the same object until the document's text changes. */
const known = new WeakMap<object, readonly MarkedToken[]>();

/** What the schema knows of a document's texts: names, references, choices, durations. In the order of the text. */
export function tokensOf(document: ManifestDocument): readonly MarkedToken[] {
  const { value } = document;
  if (typeof value !== 'object' || value === null || !document.ours) return [];
  const before = known.get(value);
  if (before !== undefined) return before;
  const tokens = read(document);
  known.set(value, tokens);
  return tokens;
}

function read({ value, root, lines, resource }: ManifestDocument): readonly MarkedToken[] {
  if (root === undefined || value === undefined || resource === undefined) return [];
  const schema = schemaOf(resource.kind, backendTypeOf(value));
  if (schema === undefined) return [];
  const tokens: MarkedToken[] = [];
  for (const each of described(schema, value)) {
    const kind = samePath(each.path, NAME_PATH) ? 'name' : kindOf(each.schema, each.text);
    const span = kind === undefined ? undefined : spanAt(root, each.path, 'value');
    if (kind === undefined || span === undefined) continue;
    const { start, end } = lines.range(span.start, span.end);
    if (start.line !== end.line || start.character === end.character) continue;
    tokens.push({
      line: start.line,
      character: start.character,
      length: end.character - start.character,
      kind,
    });
  }
  // Content that an alias repeats has the alias's place for all of it.
  return tokens
    .sort((a, b) => a.line - b.line || a.character - b.character)
    .filter((token, at) => {
      const last = tokens[at - 1];
      return last === undefined || last.line < token.line || last.character + last.length <= token.character;
    });
}

function kindOf(schema: Schema, text: string): TokenKind | undefined {
  if (schema['x-references'] === 'Machine') return 'machine';
  if (schema['x-references'] !== undefined) return 'reference';
  if (schema.enum !== undefined) return schema.enum.includes(text) ? 'choice' : undefined;
  const isDuration = schema.format === 'duration' || schema.format === 'duration-or-share';
  return isDuration && checkFormat(schema.format, text) === undefined ? 'duration' : undefined;
}

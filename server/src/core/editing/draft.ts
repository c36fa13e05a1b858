/** Text that is put in, with holes for what a person types: as an LSP snippet, or plain where a client has none. */
export type Draft =
  | { readonly is: 'hole'; readonly offers: readonly string[] }
  | { readonly is: 'fixed'; readonly text: string }
  | { readonly is: 'map'; readonly entries: readonly (readonly [key: string, value: Draft])[] }
  /** `inline`: in brackets, as lists of words are written. */
  | { readonly is: 'list'; readonly item: Draft; readonly inline: boolean };

export interface Written {
  readonly plain: string;
  /** LSP snippet syntax. */
  readonly snippet: string;
}

/** JSON that is put into the middle of a line stays on it. */
export function writeJson(draft: Draft, inset: number): Written {
  const { plain, snippet } = writeDraft(draft, { json: true, indent: 0 });
  const oneLine = (text: string): string => (inset === 0 ? text : text.replaceAll(/\n */g, ' '));
  return { plain: oneLine(plain), snippet: oneLine(snippet) };
}

interface Style {
  readonly json: boolean;
  /** Columns of the first line, from which the others are indented. */
  readonly indent: number;
}

/** The value after a colon, or a whole document. Lines after the first are indented from the line that it is put in. */
export function writeDraft(draft: Draft, style: Style): Written {
  const holes = { count: 0 };
  const snippet = style.json ? flow(draft, style, holes) : block(draft, style.indent, holes);
  return { snippet, plain: style.json ? flow(draft, style) : block(draft, style.indent) };
}

/** Between brackets of YAML: one line. */
export function writeInline(draft: Draft): Written {
  return { snippet: inline(draft, { count: 0 }), plain: inline(draft) };
}

interface Holes {
  count: number;
}

export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

function hole(offers: readonly string[], holes: Holes | undefined): string {
  const [first = ''] = offers;
  if (holes === undefined) return first;
  holes.count += 1;
  if (offers.length > 1) {
    const choices = offers.map((offer) => offer.replace(/[\\,|$}]/g, '\\$&')).join(',');
    return `\${${holes.count}|${choices}|}`;
  }
  return first === '' ? `$${holes.count}` : `\${${holes.count}:${escapeSnippet(first)}}`;
}

function fixed(text: string, holes: Holes | undefined): string {
  return holes === undefined ? text : escapeSnippet(text);
}

function block(draft: Draft, indent: number, holes?: Holes): string {
  const pad = ' '.repeat(indent);
  switch (draft.is) {
    case 'hole':
      return hole(draft.offers, holes);
    case 'fixed':
      return fixed(draft.text, holes);
    case 'map':
      if (draft.entries.length === 0) return emptyMap(holes);
      return draft.entries.map(([key, value]) => `${key}:${below(value, indent, holes)}`).join(`\n${pad}`);
    case 'list':
      return draft.inline ? inline(draft, holes) : `- ${block(draft.item, indent + 2, holes)}`;
    default:
      return draft satisfies never;
  }
}

/** What stands after a key's colon in block style. */
export function below(value: Draft, indent: number, holes?: Holes): string {
  const isInline =
    value.is === 'hole' ||
    value.is === 'fixed' ||
    (value.is === 'list' && value.inline) ||
    (value.is === 'map' && value.entries.length === 0);
  if (isInline) return ` ${block(value, indent, holes)}`;
  return `\n${' '.repeat(indent + 2)}${block(value, indent + 2, holes)}`;
}

function emptyMap(holes: Holes | undefined): string {
  return holes === undefined ? '{}' : `{ ${hole([], holes)} \\}`;
}

function inline(draft: Draft, holes?: Holes): string {
  switch (draft.is) {
    case 'hole':
      return hole(draft.offers, holes);
    case 'fixed':
      return fixed(draft.text, holes);
    case 'map': {
      if (draft.entries.length === 0) return emptyMap(holes);
      const entries = draft.entries.map(([key, value]) => `${key}: ${inline(value, holes)}`);
      return `{ ${entries.join(', ')} ${holes === undefined ? '}' : '\\}'}`;
    }
    case 'list':
      return `[${inline(draft.item, holes)}]`;
    default:
      return draft satisfies never;
  }
}

function flow(draft: Draft, style: Style, holes?: Holes): string {
  const close = holes === undefined ? '}' : '\\}';
  const pad = '\n'.padEnd(style.indent + 1);
  switch (draft.is) {
    case 'hole':
      return `"${hole(draft.offers, holes)}"`;
    case 'fixed':
      return fixed(JSON.stringify(draft.text), holes);
    case 'map': {
      if (draft.entries.length === 0) return emptyMap(holes);
      const deeper = { ...style, indent: style.indent + 2 };
      const entries = draft.entries.map(([key, value]) => `"${key}": ${flow(value, deeper, holes)}`);
      return `{${pad}  ${entries.join(`,${pad}  `)}${pad}${close}`;
    }
    case 'list':
      return `[${flow(draft.item, style, holes)}]`;
    default:
      return draft satisfies never;
  }
}

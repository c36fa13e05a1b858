/**
 * The YAML library's error codes as sentences of our own: the library's quote the source, which may be a secret.
 * What a code means is in its `errors.ts`.
 */
const SENTENCES: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias (*name) takes no anchor and no tag; remove them',
  BAD_ALIAS: 'this alias or anchor has no proper name; write *name or &name',
  BAD_COLLECTION_TYPE: 'this tag does not fit what follows it; remove the tag',
  BAD_DIRECTIVE: 'this %-line is no YAML directive; remove it',
  BAD_DQ_ESCAPE: 'this is no escape in double quotes; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT:
    'this line is indented otherwise than its neighbours; give entries of one map or list the same column',
  BAD_PROP_ORDER: 'an anchor or a tag stands at the wrong place; put it right before its value',
  BAD_SCALAR_START: 'a plain value cannot start with this character; put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a map cannot start on the line of its key; put it on lines of its own',
  BLOCK_IN_FLOW: 'inside brackets or braces only bracketed values can stand; check which one is not closed',
  DUPLICATE_KEY: 'this key is there twice in one map',
  IMPOSSIBLE: 'this is no YAML',
  KEY_OVER_1024_CHARS: 'a key has at most 1024 characters; is a colon meant otherwise here?',
  MISSING_CHAR: 'something is missing here: a colon after a key, a comma, a closing quote or a bracket',
  MULTILINE_IMPLICIT_KEY: 'a key stands on one line; is a colon missing, or a quote not closed?',
  MULTIPLE_ANCHORS: 'a value has at most one anchor',
  MULTIPLE_DOCS: 'a second document starts here; put --- on a line before it',
  MULTIPLE_TAGS: 'a value has at most one tag',
  NON_STRING_KEY: 'a key is text here',
  TAB_AS_INDENT: 'YAML is indented with spaces; replace the tab',
  TAG_RESOLVE_FAILED: 'this tag is not known here; remove it',
  UNEXPECTED_TOKEN: 'YAML does not expect this here; is a quote, a bracket or an indentation wrong above?',
};

export function syntaxSentence(code: string): string {
  return SENTENCES[code] ?? 'this is no YAML; look for an open quote, an open bracket or a wrong indentation';
}

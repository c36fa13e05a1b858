import { RE2JS } from '@bufbuild/re2';
import { Environment } from '@marcbachmann/cel-js';

/**
 * What an expression may be at most. A repository's author writes it, so every part is bounded: its size here, its steps in
 * `costOf`, and a pattern's time by an engine that does not go back (RE2).
 */
export const EXPRESSION_LIMITS = {
  characters: 4000,
  nodes: 1000,
  depth: 40,
  /** Evaluations of a node of the expression, over all items of lists that it goes through. */
  steps: 200_000,
  pattern: 500,
  /** Characters of a text that is held against a pattern. */
  matched: 4000,
} as const;

/** Put in the place of `matches`, of the same length, so that places stay: that one would go back over a pattern for ever. */
export const SAFE_MATCHES = 're2Fits';

/** What an expression can speak of. */
export const VARIABLES: Readonly<Record<string, string>> = {
  identity: 'The manifest of the identity: `apiVersion`, `kind`, `metadata`, `spec`, as written.',
  labels: 'Its labels: `identity.metadata.labels`, empty where it has none.',
  now: 'The beginning of the day (UTC) on which it is judged.',
};

let made: Environment | undefined;

export function celEnvironment(): Environment {
  made ??= new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: EXPRESSION_LIMITS.nodes,
      maxDepth: EXPRESSION_LIMITS.depth,
      maxListElements: 500,
      maxMapEntries: 200,
      maxCallArguments: 16,
    },
  })
    .registerVariable('identity', 'map<string, dyn>')
    .registerVariable('labels', 'map<string, string>')
    .registerVariable('now', 'google.protobuf.Timestamp')
    .registerFunction(`string.${SAFE_MATCHES}(string): bool`, fits);
  return made;
}

const patterns = new Map<string, RE2JS>();

function fits(text: string, pattern: string): boolean {
  if (pattern.length > EXPRESSION_LIMITS.pattern)
    throw new Error(`a pattern has at most ${EXPRESSION_LIMITS.pattern} characters`);
  if (text.length > EXPRESSION_LIMITS.matched)
    throw new Error(`a text of more than ${EXPRESSION_LIMITS.matched} characters is held against no pattern`);
  const known = patterns.get(pattern) ?? RE2JS.compile(pattern);
  if (patterns.size < 200) patterns.set(pattern, known);
  return known.test(text);
}

/** Words that findings about schemas have in common. */
import type { ManifestPath } from '../manifest/path.ts';
import { oneOf, quotable } from '../text/quote.ts';
import type { Schema } from './schemaNode.ts';

const LONGEST_EXAMPLE = 60;
const MOST_WORDS = 6;

/** The last name of a path, in quotes. */
export function fieldName(path: ManifestPath): string {
  const name = path.findLast((step) => typeof step === 'string');
  return quotable(name) ?? 'this field';
}

export function exampleOf(schema: Schema | undefined): string | undefined {
  const example = schema?.examples?.[0] ?? schema?.default;
  if (example === undefined) return undefined;
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  return text.length > LONGEST_EXAMPLE ? undefined : `for example ${text}`;
}

export function shortList(words: readonly string[]): string {
  const shown = words.slice(0, MOST_WORDS);
  return shown.length < words.length ? `${shown.join(', ')}, …` : oneOf(shown) || 'no more';
}

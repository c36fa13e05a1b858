/** From so many on all begins anew: what was in no row for long need not be kept. */
const MOST_KEPT = 20_000;

const texts = new Map<string, string>();
const parts = new Map<string, unknown>();

/**
 * Of parts that say the same, one for all rows: a large project has tens of thousands of rows, with the same few verbs, labels
 * and machines. It is a copy, so that no row keeps the text of a manifest in memory.
 */
export function sharedPart<Part extends object>(part: Part): Part {
  const key = JSON.stringify(part);
  return (parts.get(key) ?? kept(parts, key, JSON.parse(key))) as Part;
}

export function sharedText(text: string): string {
  return texts.get(text) ?? kept(texts, text, JSON.parse(JSON.stringify(text)) as string);
}

function kept<T>(known: Map<string, T>, key: string, value: T): T {
  if (known.size >= MOST_KEPT) known.clear();
  known.set(typeof value === 'string' ? value : key, value);
  return value;
}

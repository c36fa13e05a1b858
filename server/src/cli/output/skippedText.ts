import { plural } from '../../core/text/instant.ts';
import { type Line, line, span } from './text.ts';

/** So many are named where a person reads; JSON has all. */
const NAMED = 5;

/** What a scan did not look at. */
export function skippedText(
  skipped: readonly { readonly path: string; readonly why: string }[],
): readonly Line[] {
  if (skipped.length === 0) return [];
  const more = skipped.length - NAMED;
  return [
    line(span(`Not looked at: ${plural(skipped.length, 'file or folder', 'files or folders')}`, 'quiet')),
    ...skipped.slice(0, NAMED).map(({ path: file, why }) => line(span(`  ${file}: ${why}`, 'quiet'))),
    ...(more > 0 ? [line(span(`  and ${more} more; --format json names all`, 'quiet'))] : []),
  ];
}

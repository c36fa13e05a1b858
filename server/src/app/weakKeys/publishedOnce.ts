import { keyPublished } from '../../core/credential/findings/keyPublished.ts';
import type { Finding } from '../../core/finding.ts';
import { PRIVATE_KEY } from '../../core/secrets/privateKeyRules.ts';

/**
 * Everybody has a private key that is published: that it stands here, too, is told with that, and not once more as a secret
 * that became known. One that is an identity's is told as both.
 */
export function publishedOnce(secrets: readonly Finding[], weak: readonly Finding[]): readonly Finding[] {
  const byFile = new Map<string, Set<number>>();
  for (const { rule, file, range } of weak) {
    if (rule !== keyPublished.id) continue;
    const lines = byFile.get(file) ?? new Set();
    byFile.set(file, lines.add(range.start.line));
  }
  const isTold = ({ rule, file, range, identity }: Finding): boolean =>
    rule === PRIVATE_KEY.id && identity === undefined && byFile.get(file)?.has(range.start.line) === true;
  return [...secrets.filter((each) => !isTold(each)), ...weak];
}

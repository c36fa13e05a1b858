/** What no longer holds: an algorithm, whoever issues or keeps keys, or what made them. */
import { algorithmFacts } from '../../outlook/algorithmFacts.ts';

export type Fallen =
  | { readonly what: 'algorithm'; readonly name: string; matches(algorithm: string): boolean }
  | { readonly what: 'backend'; readonly name: string }
  | { readonly what: 'library'; readonly name: string };

/** All that a large quantum computer would break. */
const QUANTUM_VULNERABLE = 'quantum-vulnerable';

const FAMILIES: ReadonlySet<string> = new Set([
  'RSA',
  'ECDSA',
  'EDDSA',
  'DSA',
  'ECDH',
  'DH',
  'ML-DSA',
  'ML-KEM',
  'SLH-DSA',
]);

/**
 * One algorithm (`RSA-2048`), a family (`ECDSA`), a curve (`P-256`), a digest (`SHA-1`, in whatever signature), or
 * `quantum-vulnerable`. Undefined: nothing is called so.
 */
export function fallenAlgorithm(text: string, known: Iterable<string>): Fallen | undefined {
  const wanted = text.trim().toUpperCase();
  const named = (matches: (algorithm: string) => boolean): Fallen => ({
    what: 'algorithm',
    name: text,
    matches,
  });
  if (wanted === QUANTUM_VULNERABLE.toUpperCase() || wanted === 'CLASSICAL')
    return named((algorithm) => isVulnerable(algorithm));
  if (FAMILIES.has(wanted)) return named((algorithm) => familyOf(algorithm) === wanted);
  const digest = /^(SHA|MD)-?(\d+)$/.exec(wanted);
  if (digest !== null) {
    const end = `-${digest[1]}${digest[2]}`;
    return named((algorithm) => algorithm.toUpperCase().endsWith(end));
  }
  const curve = /^(?:NIST)?P-?(\d{3})$/.exec(wanted)?.[1];
  const exact = curve === undefined ? wanted : `ECDSA-P${curve}`;
  const isKnown = [...known].some((algorithm) => algorithm.toUpperCase() === exact);
  return isKnown ? named((algorithm) => algorithm.toUpperCase() === exact) : undefined;
}

function familyOf(algorithm: string): string {
  const { family } = algorithmFacts(algorithm);
  return (family === algorithm ? (algorithm.split('-')[0] ?? algorithm) : family).toUpperCase();
}

/** Signatures are named by family and digest: `ECDSA-SHA256`. */
function isVulnerable(algorithm: string): boolean {
  return (
    /^(RSA|RSASSA-PSS|ECDSA|DSA)\b/.test(algorithm) || algorithmFacts(algorithm).quantum === 'vulnerable'
  );
}

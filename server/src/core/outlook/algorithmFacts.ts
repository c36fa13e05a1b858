/**
 * What is known of a key algorithm beside its name. The years are those of NIST IR 8547, initial public draft of November
 * 2024, tables 2 and 4: a draft, which may change. `deprecated`: allowed, with a risk that somebody has to accept.
 */
export interface AlgorithmFacts {
  readonly algorithm: string;
  readonly family: string;
  /** Curve, modulus or parameter set; null: the name says it all. */
  readonly parameter: string | null;
  /** Classical security strength in bits (NIST SP 800-57 part 1, 5.6.1); null: not known. */
  readonly strength: number | null;
  /** `vulnerable`: a large quantum computer would break it (Shor's algorithm). */
  readonly quantum: 'vulnerable' | 'resistant' | 'unknown';
  /** After the end of that year. */
  readonly deprecatedAfter: number | null;
  readonly disallowedAfter: number | null;
}

export const TRANSITION_SOURCE = 'NIST IR 8547, initial public draft, November 2024';

const DEPRECATED_AFTER = 2030;
const DISALLOWED_AFTER = 2035;
/** Of the weakest that NIST does not deprecate before the others. */
const LASTING_STRENGTH = 128;

export function algorithmFacts(algorithm: string): AlgorithmFacts {
  const rsa = /^(RSA|RSASSA-PSS)-(\d+)$/.exec(algorithm);
  if (rsa?.[1] !== undefined)
    return classical(algorithm, rsa[1], `${rsa[2]} bit`, rsaStrength(Number(rsa[2])));
  const ecdsa = /^ECDSA-P(\d+)$/.exec(algorithm);
  if (ecdsa !== null) return classical(algorithm, 'ECDSA', `P-${ecdsa[1]}`, ecStrength(Number(ecdsa[1])));
  switch (algorithm) {
    case 'Ed25519':
      return classical(algorithm, 'EdDSA', 'Ed25519', 128);
    case 'Ed448':
      return classical(algorithm, 'EdDSA', 'Ed448', 224);
    case 'X25519':
      return classical(algorithm, 'ECDH', 'X25519', 128);
    case 'X448':
      return classical(algorithm, 'ECDH', 'X448', 224);
    default:
  }
  const resistant = /^(ML-DSA|ML-KEM|SLH-DSA)-(.+)$/.exec(algorithm);
  if (resistant?.[1] !== undefined && resistant[2] !== undefined) {
    return {
      algorithm,
      family: resistant[1],
      parameter: resistant[2],
      strength: null,
      quantum: 'resistant',
      deprecatedAfter: null,
      disallowedAfter: null,
    };
  }
  // Curves that NIST does not list, and finite fields: broken in the same way, without a year.
  const vulnerable = /^(ECDSA|DSA|DH)\b/.exec(algorithm);
  return {
    algorithm,
    family: vulnerable?.[1] ?? algorithm,
    parameter: null,
    strength: null,
    quantum: vulnerable === null ? 'unknown' : 'vulnerable',
    deprecatedAfter: null,
    disallowedAfter: null,
  };
}

/** Below 112 bits nothing is allowed any more (NIST SP 800-131A), so no later year is said of it. */
function classical(algorithm: string, family: string, parameter: string, strength: number): AlgorithmFacts {
  return {
    algorithm,
    family,
    parameter,
    strength,
    quantum: 'vulnerable',
    deprecatedAfter: strength >= 112 && strength < LASTING_STRENGTH ? DEPRECATED_AFTER : null,
    disallowedAfter: strength >= 112 ? DISALLOWED_AFTER : null,
  };
}

function rsaStrength(bits: number): number {
  if (bits >= 15_360) return 256;
  if (bits >= 7_680) return 192;
  if (bits >= 3_072) return 128;
  return bits >= 2_048 ? 112 : 80;
}

function ecStrength(bits: number): number {
  return bits >= 512 ? 256 : Math.floor(bits / 2);
}

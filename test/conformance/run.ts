/**
 * `npm run conformance -- --limbo FILE --pkits-vectors DIR --pkits-expected FILE --mldsa PYTHON`: public references of path validation, which
 * are no part of this repository. Each case that fails is printed with the reason.
 */
import { parseArgs } from 'node:util';
import { runLimbo } from './limbo.ts';
import { runMlDsa } from './mlDsa.ts';
import type { Outcome } from './outcome.ts';
import { runPkits } from './pkits.ts';

const { values } = parseArgs({
  options: {
    /** `limbo.json` of C2SP x509-limbo, or its cases as JSON lines. */
    limbo: { type: 'string' },
    /** `x509/PKITS_data` of the package cryptography_vectors. */
    'pkits-vectors': { type: 'string' },
    /** `pkits.json` of the source package pyhanko-certvalidator. */
    'pkits-expected': { type: 'string' },
    /** A Python that has pyca/cryptography 47 or later. */
    mldsa: { type: 'string' },
  },
});

function told(name: string, { passed, failed }: Outcome): void {
  for (const line of failed) console.log(line);
  console.log(`${name}: ${passed} of ${passed + failed.length}\n`);
}

const { limbo, 'pkits-vectors': vectors, 'pkits-expected': expected, mldsa } = values;
if (limbo !== undefined) told('limbo', runLimbo(limbo));
if (vectors !== undefined && expected !== undefined) told('PKITS', runPkits(vectors, expected));
if (mldsa !== undefined) told('ML-DSA beside pyca/cryptography', await runMlDsa(mldsa));

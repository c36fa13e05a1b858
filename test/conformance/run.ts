/**
 * `npm run conformance -- --limbo FILE --pkits-vectors DIR --pkits-expected FILE --mldsa PYTHON --zlint DIR`: public
 * references of path validation, post-quantum signatures and lint, which are no part of this repository. Each case that fails
 * is printed with the reason.
 */
import { parseArgs } from 'node:util';
import { runLimbo } from './limbo.ts';
import { runMlDsa } from './mlDsa.ts';
import type { Outcome } from './outcome.ts';
import { runPkits } from './pkits.ts';
import { compareWithZlint } from './zlint.ts';

const { values } = parseArgs({
  options: {
    /** `limbo.json` of C2SP x509-limbo, or its cases as JSON lines. */
    limbo: { type: 'string' },
    /** `x509/PKITS_data` of the package cryptography_vectors. */
    'pkits-vectors': { type: 'string' },
    /** `pkits.json` of the source package pyhanko-certvalidator. */
    'pkits-expected': { type: 'string' },
    /** A Python that has pyca/cryptography 50 or later. */
    mldsa: { type: 'string' },
    /** Source of github.com/zmap/zlint/v3 as `go mod download` leaves it; `go` builds it. */
    zlint: { type: 'string' },
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
if (values.zlint !== undefined) {
  const { disagreements, weak, unknown, ...counts } = compareWithZlint(values.zlint);
  for (const line of disagreements) console.log(line);
  for (const line of weak) console.log(`under 95 %: ${line}`);
  for (const name of unknown) console.log(`zlint has no lint ${name}`);
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
  console.log(
    `zlint: ${counts.lints} lints by name over ${counts.certificates} certificates; ${counts.agreed} of ${counts.cases} cases agree (${percent(counts.agreed, counts.cases)}); of ${counts.found} that zlint finds ${counts.foundByBoth} are found here (${percent(counts.foundByBoth, counts.found)}), and ${counts.foundHere} more`,
  );
}

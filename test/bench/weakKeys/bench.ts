/** `npm run bench:weak-keys`: ten thousand RSA keys looked at for weaknesses, in the thread as shipped, and beside Python. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generatePrimeSync } from 'node:crypto';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { columnsOf } from '../../../server/src/app/weakKeys/keyColumns.ts';
import type { WeakKeyTask } from '../../../server/src/app/weakKeys/worker.ts';
import { drained } from '../../../server/src/core/credential/inspect/derItems.ts';
import { sharedFactors } from '../../../server/src/core/keys/weak/batch/sharedFactors.ts';
import { WEAK_KEY_CHECKS } from '../../../server/src/core/keys/weak/checks/registry.ts';
import type { KeyProblems } from '../../../server/src/core/keys/weak/weakKeys.ts';
import { bundledProgram } from '../../../server/src/platform/modules/bundledProgram.ts';
import { rsaKey } from '../../support/weakKeys.ts';

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '10000' },
    /** A Python to ask, such as one of a virtual environment with gmpy2. */
    python: { type: 'string', default: 'python3' },
  },
});
const COUNT = Number(values.keys);
const SHARING = [7, COUNT >> 1, COUNT - 1];

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
function seconds<T>(name: string, work: () => T): T {
  const start = cpu();
  const result = work();
  console.log(
    `| ${name} | ${(cpu() - start).toFixed(2)} | ${Math.round(process.memoryUsage().rss / 2 ** 20)} |`,
  );
  return result;
}

// To make twenty thousand primes of 1,024 bits takes a quarter of an hour. Products of shorter ones have as little in common, and
// nothing that is measured depends on how many factors there are.
const product = (bits: number): bigint =>
  Array.from({ length: bits / 128 }, () => generatePrimeSync(128, { bigint: true })).reduce((a, b) => a * b);
const common = product(1024);
const moduli = Array.from({ length: COUNT }, (_, index) =>
  SHARING.includes(index) ? common * product(1024) : product(2048),
);
const keys = new Map(moduli.map((modulus, index) => [String(index), rsaKey(modulus)]));

console.log(`${COUNT} RSA keys of 2048 bits, CPU seconds and MiB of the process:\n`);
console.log('| what | CPU s | MiB |\n| --- | ---: | ---: |');
const found = seconds('common primes (batch), this thread', () => drained(sharedFactors(moduli)));
assert.deepEqual(
  [...found.keys()].sort((a, b) => a - b),
  SHARING,
);
seconds('each key by itself', () => {
  for (const modulus of moduli)
    for (const check of WEAK_KEY_CHECKS) check.find({ kind: 'RSA', modulus, exponent: 65_537n, bits: 2048 });
});

let longest = 0;
let last = performance.now();
const ticks = setInterval(() => {
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
}, 5);
const start = cpu();
const task: WeakKeyTask = { keys: columnsOf(keys), options: {} };
const worker = new Worker(bundledProgram('weakKeys'), { workerData: task });
const [problems] = (await once(worker, 'message')) as [KeyProblems];
clearInterval(ticks);
assert.equal(
  [...problems.values()].filter((all) => all.some(({ rule }) => rule.id === 'key/shared-factor')).length,
  3,
);
console.log(
  `| all of it, in the thread as shipped | ${(cpu() - start).toFixed(2)} | ${Math.round(process.memoryUsage().rss / 2 ** 20)} |`,
);
console.log(`\nThis thread was held up for ${longest.toFixed(0)} ms at most meanwhile.`);

const judged = spawnSync(values.python, ['test/bench/weakKeys/batch.py'], {
  input: moduli.map((modulus) => modulus.toString(16)).join('\n'),
  encoding: 'utf8',
});
const [kind, took, ...shared] = judged.stdout.trim().split(' ');
assert.deepEqual(shared.map(Number), SHARING, judged.stderr);
console.log(`Python's batch (${kind}): ${took} CPU s, the same keys.`);

/**
 * The post-quantum library, bundled by itself and loaded when the first such key is met: it is large, and what checks
 * signatures may not wait. Run as a thread it does one piece of work and answers: some of SLH-DSA takes seconds.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import {
  slh_dsa_sha2_128f,
  slh_dsa_sha2_128s,
  slh_dsa_sha2_192f,
  slh_dsa_sha2_192s,
  slh_dsa_sha2_256f,
  slh_dsa_sha2_256s,
  slh_dsa_shake_128f,
  slh_dsa_shake_128s,
  slh_dsa_shake_192f,
  slh_dsa_shake_192s,
  slh_dsa_shake_256f,
  slh_dsa_shake_256s,
} from '@noble/post-quantum/slh-dsa.js';
import { MARK, type PostQuantumLibrary, type PostQuantumTask, type PostQuantumWork } from './work.ts';

const SIGNATURES = new Map([
  ['ML-DSA-44', ml_dsa44],
  ['ML-DSA-65', ml_dsa65],
  ['ML-DSA-87', ml_dsa87],
  ['SLH-DSA-SHA2-128s', slh_dsa_sha2_128s],
  ['SLH-DSA-SHA2-128f', slh_dsa_sha2_128f],
  ['SLH-DSA-SHA2-192s', slh_dsa_sha2_192s],
  ['SLH-DSA-SHA2-192f', slh_dsa_sha2_192f],
  ['SLH-DSA-SHA2-256s', slh_dsa_sha2_256s],
  ['SLH-DSA-SHA2-256f', slh_dsa_sha2_256f],
  ['SLH-DSA-SHAKE-128s', slh_dsa_shake_128s],
  ['SLH-DSA-SHAKE-128f', slh_dsa_shake_128f],
  ['SLH-DSA-SHAKE-192s', slh_dsa_shake_192s],
  ['SLH-DSA-SHAKE-192f', slh_dsa_shake_192f],
  ['SLH-DSA-SHAKE-256s', slh_dsa_shake_256s],
  ['SLH-DSA-SHAKE-256f', slh_dsa_shake_256f],
]);
const ENCAPSULATIONS = new Map([
  ['ML-KEM-512', ml_kem512],
  ['ML-KEM-768', ml_kem768],
  ['ML-KEM-1024', ml_kem1024],
]);

export const library: PostQuantumLibrary = {
  verify(set, publicKey, data, signature) {
    const algorithm = SIGNATURES.get(set);
    if (algorithm === undefined) return undefined;
    return signature.length === algorithm.lengths.signature && algorithm.verify(signature, data, publicKey);
  },
  keyOf(set, seed) {
    const algorithm = SIGNATURES.get(set) ?? ENCAPSULATIONS.get(set);
    return algorithm?.keygen(seed);
  },
  publicKeyOf: (set, expanded) => SIGNATURES.get(set)?.getPublicKey(expanded),
  work,
};

function work(task: PostQuantumTask): PostQuantumWork {
  const algorithm = SIGNATURES.get(task.set);
  if (algorithm === undefined) throw new Error(`${task.set} makes no signatures`);
  if (task.do === 'sign') return { signature: algorithm.sign(task.data, task.secretKey) };
  const { secretKey, publicKey } = algorithm.keygen(task.seed);
  return { secretKey, publicKey };
}

if (!isMainThread && workerData?.[MARK] === true) parentPort?.postMessage(work(workerData.task));

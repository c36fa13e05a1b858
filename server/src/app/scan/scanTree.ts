import { setImmediate } from 'node:timers/promises';
import type { Finding } from '../../core/finding.ts';
import { DETECTORS } from '../../core/secrets/generated/registry.ts';
import { type FoundSecret, secretScanner } from '../../core/secrets/scanner.ts';
import { nodeDecryptor } from '../../platform/crypto/decryptor.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { rangeOfOctets } from './rangeOfOctets.ts';
import { type Skipped, walkTree } from './walkTree.ts';

export interface TreeScan {
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly Skipped[];
}

/** So that Ctrl-C and progress have their turn. */
const TURN_MS = 50;

/** Scans files and folders below `root`. `told` hears now and then how far it is. Rejects when `signal` is aborted. */
export async function scanTree(
  root: string,
  starts: readonly string[],
  signal: AbortSignal,
  told: (files: number) => void = () => undefined,
): Promise<TreeScan> {
  const scanner = secretScanner(DETECTORS, { hasher: nodeHasher, decryptor: nodeDecryptor });
  const findings: Finding[] = [];
  const skipped: Skipped[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  let turn = performance.now();
  for (const start of starts) {
    for (const file of walkTree(root, start, skipped)) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      bytes += file.bytes.length;
      for (const found of scanner.scan(file.path, file.bytes))
        findings.push(findingOf(found, file.path, file.bytes));
      if (performance.now() - turn < TURN_MS) continue;
      told(seen.size);
      await setImmediate();
      signal.throwIfAborted();
      turn = performance.now();
    }
  }
  return { findings, files: seen.size, bytes, skipped };
}

/** It names what stands there, and shows no part of it. */
function findingOf({ rule, what, start, end }: FoundSecret, file: string, bytes: Uint8Array): Finding {
  return {
    rule: rule.id,
    severity: rule.severity,
    message: `${what} stands here; take it as known to others`,
    file,
    range: rangeOfOctets(bytes, start, end),
    related: [],
    fixes: [],
  };
}

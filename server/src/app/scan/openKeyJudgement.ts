import path from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { SYSTEM_CLOCK } from '../../platform/systemClock.ts';
import { type KeyJudgement, keyJudgement } from './keyJudgement.ts';
import { type KeyKnowledge, NO_KNOWLEDGE } from './keyKnowledge.ts';
import { saysOfIdentities } from './saysOfIdentities.ts';

/** The same as an open project says, without what acts: a scan of a folder has no use for it, and would wait for it. */
export function openKeyJudgement(folder: string, clock: Clock = SYSTEM_CLOCK): KeyJudgement {
  const root = path.resolve(folder);
  let known: Promise<KeyKnowledge> | undefined;
  return keyJudgement({
    root,
    clock,
    async standingOf(files, signal) {
      const { openGit } = await import('../../platform/git/git.ts');
      const git = await openGit(root, { trusted: true }, signal);
      try {
        return (await git?.standingOf(files, signal)) ?? 'none';
      } finally {
        git?.close();
      }
    },
    known(signal) {
      known ??= knowledgeOf(root, clock, signal);
      return known;
    },
  });
}

/** What reads manifests takes as long to load as thousands of files to scan: most folders have none. */
async function knowledgeOf(root: string, clock: Clock, signal: AbortSignal): Promise<KeyKnowledge> {
  if (!(await saysOfIdentities(root, signal))) return NO_KNOWLEDGE;
  const { readKeyKnowledge } = await import('./readKeyKnowledge.ts');
  return readKeyKnowledge(root, clock, signal);
}

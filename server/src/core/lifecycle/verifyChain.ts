import type { Hasher } from '../ports.ts';
import type { IdentityEvent } from './event.ts';
import { eventFile, eventHash } from './eventFile.ts';

export interface ChainProblem {
  /** Relative to the project root. */
  readonly file: string;
  readonly what: string;
}

interface Link {
  readonly event: IdentityEvent;
  readonly hash: string;
}

/**
 * Whether each clone's events still form the chain that it wrote. Events may come in any order and from any branch;
 * hand over all that can be found, since an event that lies on another branch is a gap here.
 */
export function verifyChain(events: readonly IdentityEvent[], hasher: Hasher): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  const byId = new Map<string, Link>();
  const clones = new Map<string, Link[]>();
  for (const event of events) {
    const link = { event, hash: eventHash(event, hasher) };
    const known = byId.get(event.id);
    if (known !== undefined) {
      if (known.hash !== link.hash) {
        problems.push({
          file: eventFile(event),
          what: `another event has the same id ${event.id} and other content: ${eventFile(known.event)}`,
        });
      }
      continue;
    }
    byId.set(event.id, link);
    const chain = clones.get(event.chain.clone);
    if (chain === undefined) clones.set(event.chain.clone, [link]);
    else chain.push(link);
  }
  for (const [clone, chain] of clones) problems.push(...verifyClone(clone, chain));
  return problems;
}

function verifyClone(clone: string, chain: readonly Link[]): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  const sorted = [...chain].sort((a, b) => a.event.chain.sequence - b.event.chain.sequence);
  let previous: Link | undefined;
  for (const link of sorted) {
    const problem = verifyLink(clone, previous, link);
    if (problem !== undefined) problems.push({ file: eventFile(link.event), what: problem });
    previous = link;
  }
  return problems;
}

function verifyLink(clone: string, previous: Link | undefined, link: Link): string | undefined {
  const { sequence, previous: expected } = link.event.chain;
  const before = previous?.event.chain.sequence ?? 0;
  if (previous !== undefined && sequence === before) {
    return `clone ${clone} wrote number ${sequence} twice, also as ${eventFile(previous.event)}: its chain is forked`;
  }
  if (sequence > before + 1) {
    const missing =
      sequence - before === 2 ? `number ${before + 1}` : `numbers ${before + 1} to ${sequence - 1}`;
    return `before it, ${missing} of clone ${clone} is missing: on another branch, or lost`;
  }
  if (previous === undefined) {
    return sequence === 1 && expected === null
      ? undefined
      : `it is the first of clone ${clone} (number ${sequence}) but names an event before it`;
  }
  return expected === previous.hash
    ? undefined
    : `${eventFile(previous.event)}, which clone ${clone} wrote before it, was changed afterwards`;
}

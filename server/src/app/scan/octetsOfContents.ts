import type { History } from '../../platform/git/history.ts';
import type { ScannedFinding } from './openScanner.ts';
import type { Scanned } from './scanTree.ts';

/** So many contents are read at a time, and so much of them is kept. */
const CONTENTS = 256;
const OCTETS = 4 * 1024 * 1024;

/** What is asked for in the order of `findings` is read in few goes: git takes longer to start than to tell many contents. */
export function octetsOfContents(
  findings: readonly ScannedFinding[],
  history: () => Promise<History>,
): Scanned['octetsOf'] {
  let blocks: ReadonlyMap<string, readonly ScannedFinding[]> | undefined;
  let last:
    | { block: readonly ScannedFinding[]; values: Promise<ReadonlyMap<string, Uint8Array>> }
    | undefined;
  return async (found) => {
    blocks ??= blocksOf(findings);
    const block = blocks.get(nameOf(found)) ?? [found];
    if (last?.block !== block) last = { block, values: history().then((opened) => valuesOf(opened, block)) };
    return (await last.values).get(nameOf(found));
  };
}

function nameOf({ content, octets: { start, end } }: ScannedFinding): string {
  return `${content} ${start} ${end}`;
}

function blocksOf(findings: readonly ScannedFinding[]): ReadonlyMap<string, readonly ScannedFinding[]> {
  const blocks = new Map<string, readonly ScannedFinding[]>();
  let block: ScannedFinding[] = [];
  let contents = new Set<string | undefined>();
  let octets = 0;
  for (const found of findings) {
    const name = nameOf(found);
    if (blocks.has(name)) continue;
    const length = found.octets.end - found.octets.start;
    if (octets + length > OCTETS || contents.size >= CONTENTS) {
      block = [];
      contents = new Set();
      octets = 0;
    }
    block.push(found);
    contents.add(found.content);
    octets += length;
    blocks.set(name, block);
  }
  return blocks;
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly value: Buffer;
}

/** What git does not have is left out. */
async function valuesOf(
  history: History,
  findings: readonly ScannedFinding[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const byContent = new Map<string, Span[]>();
  for (const found of findings) {
    const { content, octets } = found;
    if (content === undefined) continue;
    const span = { name: nameOf(found), ...octets, value: Buffer.alloc(octets.end - octets.start) };
    const spans = byContent.get(content);
    if (spans === undefined) byContent.set(content, [span]);
    else spans.push(span);
  }
  const values = new Map<string, Uint8Array>();
  let spans: readonly Span[] = [];
  let at = 0;
  await history.read(
    Array.from(byContent.keys(), (id) => ({ id, path: '' })),
    {
      begin({ id }) {
        spans = byContent.get(id) ?? [];
        at = 0;
      },
      chunk(bytes) {
        for (const { start, end, value } of spans)
          if (at < end && start < at + bytes.length)
            value.set(bytes.subarray(Math.max(0, start - at), end - at), Math.max(0, at - start));
        at += bytes.length;
      },
      end() {
        for (const { name, end, value } of spans) if (end <= at) values.set(name, value);
      },
    },
  );
  return values;
}

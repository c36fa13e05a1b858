import { toHex } from '../credential/octets.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { Hasher } from '../ports.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import type { IdentityEvent } from './event.ts';

/** Where records lie, relative to the project root. */
export const RECORDS_FOLDER = '.identity/records';

/** The folder of one identity's events, relative to the project root. */
export function recordFolder(identity: Pick<IdentityId, 'namespace' | 'kind' | 'name'>): string {
  return `${RECORDS_FOLDER}/${identity.namespace}/${identity.kind}/${identity.name}`;
}

/** The file of one event, relative to the project root; no colon in it, since Windows has none in names. */
export function eventFile(event: Pick<IdentityEvent, 'identity' | 'at' | 'id'>): string {
  return `${recordFolder(event.identity)}/${event.at.replace(/[-:.]/g, '')}-${event.id}.json`;
}

/**
 * Hex SHA-256 over the canonical JSON of the whole event: `chain.previous` of the clone's next one. Over the parsed
 * value, so that line ends and indentation, which git or an editor may change, do not count.
 */
export function eventHash(event: IdentityEvent, hasher: Hasher): string {
  return toHex(hasher.hash('sha256', utf8(canonicalJson(event))));
}

const FIRST = ['schemaVersion', 'id', 'at', 'type', 'identity', 'machine', 'generation'];
const LAST = ['actor', 'because', 'planId', 'chain'];

/** The text of an event's file: what a person asks first stands first, and equal events have equal text. */
export function eventText(event: IdentityEvent): string {
  const members: Readonly<Record<string, unknown>> = { ...event };
  const others = Object.keys(members).filter((name) => !FIRST.includes(name) && !LAST.includes(name));
  const ordered: Record<string, unknown> = {};
  for (const name of [...FIRST, ...others.sort(), ...LAST]) {
    if (members[name] !== undefined) ordered[name] = JSON.parse(canonicalJson(members[name]));
  }
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/** UTF-8 by hand: core has no `TextEncoder`, which is the platform's. */
function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else {
      bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f));
      bytes.push(0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    }
  }
  return Uint8Array.from(bytes);
}

import { encodeUtf8 } from '../credential/charset.ts';
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
  return toHex(hasher.hash('sha256', encodeUtf8(canonicalJson(event))));
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

import { decodeUtf8, encodeUtf8 } from './charset.ts';
import { sameOctets } from './octets.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export type ReadObject =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly why: string };

/** A JSON object in well-formed UTF-8, in which no object names a member twice (RFC 7515, 4; RFC 7519, 4). */
export function readJsonObject(bytes: Uint8Array): ReadObject {
  const text = decodeUtf8(bytes);
  if (!sameOctets(encodeUtf8(text), bytes)) return { ok: false, why: 'it is not well-formed UTF-8' };
  return readJsonObjectText(text);
}

/** The same from text. */
export function readJsonObjectText(text: string): ReadObject {
  const value = parse(text);
  if (!isJsonObject(value)) return { ok: false, why: 'it is no JSON object' };
  const twice = memberNamedTwice(text);
  return twice === undefined ? { ok: true, value } : { ok: false, why: `it names "${twice}" twice` };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `json` was parsed before, so it is well-formed: strings, braces, brackets and commas are all there is to follow. */
function memberNamedTwice(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let nameNext = false;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
        open.push(new Set());
        nameNext = true;
        break;
      case '[':
        open.push(undefined);
        nameNext = false;
        break;
      case '}':
      case ']':
        open.pop();
        nameNext = false;
        break;
      case ',':
        nameNext = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(json, at);
        const names = open.at(-1);
        if (nameNext && names !== undefined) {
          // Escapes are resolved first: "a" and "\u0061" are one name.
          const name = String(JSON.parse(json.slice(at, end + 1)));
          if (names.has(name)) return shown(name);
          names.add(name);
          nameNext = false;
        }
        at = end;
        break;
      }
    }
  }
  return undefined;
}

/** Index of the quote that closes the string which opens at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

/** The text's author chose the name: it is cut and cannot steer a terminal. */
function shown(name: string): string {
  return name.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
}

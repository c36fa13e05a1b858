import { encodeUtf8 } from '../../core/credential/charset.ts';

/** PKCS #11 URIs (RFC 7512), as far as they name a token and the module that reaches it. */

export interface TokenUri {
  readonly label?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly moduleName?: string;
}

export type ReadTokenUri =
  | { readonly ok: true; readonly uri: TokenUri }
  | { readonly ok: false; readonly why: string };

const NAMES: Readonly<Record<string, keyof TokenUri>> = {
  token: 'label',
  serial: 'serial',
  manufacturer: 'manufacturer',
  model: 'model',
};

/** Attributes that are refused, each with its reason: ignoring one would use another token, or a secret, than was meant. */
const REFUSED: Readonly<Record<string, string>> = {
  object: 'names one key; a backend is a whole token, so leave it out',
  id: 'names one key; a backend is a whole token, so leave it out',
  type: 'names one object; a backend is a whole token, so leave it out',
  'slot-id': 'is a number that changes from run to run; name the token by token= or serial=',
  'slot-description': 'names a slot; name the token by token= or serial=',
  'slot-manufacturer': 'names a slot; name the token by token= or serial=',
  'library-description': 'is not needed; name the module by module-name=',
  'library-manufacturer': 'is not needed; name the module by module-name=',
  'library-version': 'is not needed; name the module by module-name=',
  'pin-value':
    'is a secret, which no manifest holds: change that PIN, then give the new one with `idac login`',
  'pin-source': 'is not followed; give the PIN with `idac login`',
  'module-path':
    'is not followed: a repository must not choose which native code is loaded; use module-name=',
};

const LONGEST = 1000;

export function readTokenUri(text: string): ReadTokenUri {
  if (text.length > LONGEST) return no(`it is longer than ${LONGEST} characters`);
  if (!/^pkcs11:/i.test(text)) return no('it does not start with pkcs11:');
  const [path = '', query, ...more] = text.slice('pkcs11:'.length).split('?');
  if (more.length > 0) return no('it has more than one ?');
  const uri: { -readonly [Name in keyof TokenUri]: TokenUri[Name] } = {};
  const parts = [
    ...path.split(';').map((part) => ({ part, names: NAMES })),
    ...(query ?? '').split('&').map((part) => ({ part, names: { 'module-name': 'moduleName' } as const })),
  ];
  for (const { part, names } of parts) {
    if (part === '') continue;
    const [name = '', encoded, ...rest] = part.split('=');
    const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
    if (refused !== undefined) return no(`${name}= ${refused}`);
    const field = Object.hasOwn(names, name) ? (names as typeof NAMES)[name] : undefined;
    if (field === undefined || encoded === undefined || rest.length > 0)
      return no(`"${name}" is no attribute that is taken here (RFC 7512, 2.3)`);
    const value = decoded(encoded);
    if (value === undefined)
      return no(`the value of ${name} is not percent-encoded as RFC 7512, 2.3 wants it`);
    if (uri[field] !== undefined) return no(`${name} stands there twice`);
    uri[field] = value;
  }
  return { ok: true, uri };
}

/** The same token as one URI, always written the same way. */
export function writeTokenUri({ label, serial, manufacturer, model, moduleName }: TokenUri): string {
  const attribute = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`${name}=${encoded(value)}`];
  const path = [
    ...attribute('token', label),
    ...attribute('serial', serial),
    ...attribute('manufacturer', manufacturer),
    ...attribute('model', model),
  ];
  const query = attribute('module-name', moduleName);
  return `pkcs11:${path.join(';')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** Not `encodeURIComponent`, which throws on half a character; such a label fits no token. */
function encoded(text: string): string {
  return [...encodeUtf8(text)]
    .map((octet) => {
      const character = String.fromCharCode(octet);
      const hex = octet.toString(16).toUpperCase().padStart(2, '0');
      return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${hex}`;
    })
    .join('');
}

function decoded(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9\-._~:[\]@!$'()*+,=/|&]|%[0-9A-Fa-f]{2})+$/.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function no(why: string): ReadTokenUri {
  return { ok: false, why };
}

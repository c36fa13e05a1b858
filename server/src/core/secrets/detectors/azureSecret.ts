import { decodeBase64 } from '../../credential/base64.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';

const AZURE: RuleMeta = {
  id: 'secret/azure-secret',
  severity: 'error',
  title: 'A secret for Azure stands in a file',
  why: 'Whoever has it is the application or owns the storage, from anywhere, until it ends or is changed.',
  remedy:
    'Delete the secret or regenerate the key, look at the sign-ins since, and let the workload use a managed identity or a federated one.',
};

/** Made by Entra ID since 2021: its version is in the middle. */
const CLIENT_SECRET = /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/g;
const ACCOUNT_KEY =
  /(account_?key|accountkey|storage_?key|sharedaccesskey|shared_?access_?key|access_key)["']?\s*[=:]\s*["']?([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])/iy;
const SIGNATURE = /sig=([A-Za-z0-9%+/]{40,}(?:%3D|=))(?![A-Za-z0-9%])/iy;
/** Of the emulator, the same everywhere. */
const EMULATOR = 'Eby8vdM02xNOcqFl';

export const detector: Detector = {
  rules: [AZURE],
  keywords: [
    'q~',
    'accountkey',
    'account_key',
    'storage_key',
    'storagekey',
    'sharedaccesskey',
    'shared_access_key',
    'access_key',
    '&sig=',
    '?sig=',
  ],
  reach: 'near',
  *find({ text, at }): Generator<Detection> {
    if (text[at + 1] === '~') {
      const from = Math.max(0, at - 5);
      for (const match of text.slice(from, at + 60).matchAll(CLIENT_SECRET)) {
        const start = from + match.index;
        if (!isPlaceholder(match[0]))
          yield { rule: AZURE, what: 'a client secret of Entra ID', start, end: start + match[0].length };
      }
      return;
    }
    ACCOUNT_KEY.lastIndex = at;
    const [key, , value = ''] = ACCOUNT_KEY.exec(text) ?? [];
    if (key !== undefined && !value.startsWith(EMULATOR) && !isPlaceholder(value) && isRandomOctets(value)) {
      const end = at + key.length;
      yield { rule: AZURE, what: 'a key of Azure', start: end - value.length, end };
      return;
    }
    SIGNATURE.lastIndex = at + 1;
    const [signature, part = ''] = SIGNATURE.exec(text) ?? [];
    const around = text.slice(Math.max(0, at - 400), at + 400);
    // A shared access signature says its version and its end.
    if (signature === undefined || !/[?&]s[ve]=/.test(around) || isPlaceholder(part)) return;
    const end = at + 1 + signature.length;
    yield { rule: AZURE, what: 'a shared access signature of Azure', start: end - part.length, end };
  },
};

function isRandomOctets(value: string): boolean {
  const decoded = decodeBase64(value);
  return decoded.ok && new Set(decoded.bytes).size > decoded.bytes.length / 2;
}

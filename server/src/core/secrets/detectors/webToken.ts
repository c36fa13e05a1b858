import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, FindByForm, FormDetector } from '../detector.ts';
import { textOfBase64 } from '../login.ts';
import { isTriedOut } from '../secretValue.ts';

const WEB_TOKEN: RuleMeta = {
  id: 'secret/web-token',
  severity: 'error',
  title: 'A signed token (JWT) stands in a file',
  why: 'Whoever shows it is taken for its subject until it ends, and many have no end. A service account of Kubernetes is a machine of the cluster.',
  remedy:
    'End it where it was issued: delete the Secret of a service account, revoke the session or rotate the signing key. Let the workload be given tokens that end within the hour.',
  standard: 'RFC 8725, 3',
};

const FORM = /(eyJ[\w-]{8,})\.(eyJ[\w-]{8,})\.([\w-]{20,})(?![\w.-])/y;
/** Of RFC 7515 to 7519 and of pages that explain. */
const DOCUMENTED =
  /"sub"\s*:\s*"1234567890"|"iss"\s*:\s*"joe"|John Doe|"some"\s*:\s*"payload"|example\.(?:com|org)/i;

const find = function* ({ text, at, path }: Parameters<FindByForm>[0]): Generator<Detection> {
  if (/[\w.-]/.test(text[at - 1] ?? '')) return;
  FORM.lastIndex = at;
  const [token, head = '', body = ''] = FORM.exec(text) ?? [];
  if (token === undefined) return;
  const header = objectOf(head);
  const claims = objectOf(body);
  const algorithm = header?.['alg'];
  if (claims === undefined || typeof algorithm !== 'string' || algorithm.toLowerCase() === 'none') return;
  const said = textOfBase64(body) ?? '';
  const isServiceAccount = said.includes('kubernetes.io');
  if (DOCUMENTED.test(said) || (isTriedOut(path) && !isServiceAccount)) return;
  const kind = isServiceAccount ? 'a token of a Kubernetes service account' : 'a signed token (JWT)';
  yield {
    rule: WEB_TOKEN,
    what: claims['exp'] === undefined ? `${kind} without an end` : kind,
    start: at,
    end: at + token.length,
  };
};

export const detector: FormDetector = {
  rules: [WEB_TOKEN],
  keywords: ['eyj'],
  reach: 'near',
  follows(bytes, end) {
    // Three parts: the header is shorter than this, and a point follows it at once.
    for (let at = end; at < bytes.length && at < end + 1024; at += 1) {
      const octet = bytes[at] ?? 0;
      if (octet === 0x2e) return bytes[at + 1] === 0x65 && bytes[at + 2] === 0x79 && bytes[at + 3] === 0x4a;
      const isPart =
        (octet >= 0x30 && octet <= 0x39) ||
        (octet >= 0x41 && octet <= 0x5a) ||
        (octet >= 0x61 && octet <= 0x7a) ||
        octet === 0x2d ||
        octet === 0x5f;
      if (!isPart) return false;
    }
    return false;
  },
  find,
  ofForm: find,
};

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(textOfBase64(part) ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

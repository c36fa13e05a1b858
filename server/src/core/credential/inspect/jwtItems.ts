import { lineIndex } from '../../text/lineIndex.ts';
import { credentialUnreadable } from '../findings/credentialUnreadable.ts';
import { LONGEST_JWT, lintJwt } from '../jwt/lintJwt.ts';
import { validityFindings } from './certificateItem.ts';
import type { CredentialItem } from './item.ts';
import { daysUntil, findingAt, itemAt, type Place } from './place.ts';

/** More lines with tokens has no file that is kept for them. */
const MOST = 1000;
const TOKEN_LINE = /^[ \t]*(?:Bearer[ \t]+)?(ey[\w-]+\.[\w-]*\.[\w-]*)[ \t]*$/gim;

/** JSON Web Tokens in a file that holds nothing else, one a line. What they say is not shown: it may be about a person. */
export function jwtItems(place: Place, text: string): readonly CredentialItem[] {
  if (!/^\s*(?:Bearer\s+)?ey/i.test(text.slice(0, 256))) return [];
  const lines = lineIndex(text);
  const items: CredentialItem[] = [];
  for (const match of text.matchAll(TOKEN_LINE)) {
    const [whole, token = ''] = match;
    const start = match.index + whole.indexOf(token);
    const at = { ...place, range: lines.range(start, start + token.length) };
    if (items.length >= MOST) {
      items.push(unread(at, `tokens from here on are not read: ${MOST} of them were`));
      break;
    }
    const item =
      token.length > LONGEST_JWT
        ? unread(
            at,
            `the token has ${token.length} characters, and one of more than ${LONGEST_JWT} is not read`,
          )
        : jwtItem(at, token);
    if (item !== undefined) items.push(item);
  }
  return items;
}

function unread(place: Place, message: string): CredentialItem {
  const findings = [findingAt(place, credentialUnreadable, message)];
  return itemAt(place, 'token', 'JWT', { private: true, findings });
}

function jwtItem(place: Place, token: string): CredentialItem | undefined {
  const read = lintJwt(token, place.context.decryptor);
  if (read === undefined) return undefined;
  const { claims, algorithm, keyId, type, claimNames } = read;
  const end = claims?.expiresAt?.toISOString();
  const begin = (claims?.notBefore ?? claims?.issuedAt)?.toISOString();
  const findings = place.context.lint === undefined ? [] : read.findings;
  return itemAt(place, 'token', 'JWT', {
    label: keyId ?? null,
    subject: claims?.subject ?? null,
    issuer: claims?.issuer ?? null,
    notBefore: begin ?? null,
    notAfter: end ?? null,
    daysLeft: end === undefined ? null : daysUntil(place, end),
    private: true,
    signatureAlgorithm: algorithm ?? null,
    token: { type: type ?? null, audience: claims?.audience ?? [], claims: claimNames },
    findings: [
      ...findings.map(({ meta, message }) => findingAt(place, meta, message)),
      ...validityFindings(place, begin, end, '', 'the token'),
    ],
  });
}

/** What tells that a PKCS#12 file is whole and the password right. */
import { encodeUtf8 } from './charset.ts';
import { type Der, DerError, objectIdentifier, octetString, sequence, smallInteger, TAG } from './der.ts';
import { HMACS, hashLabel, readDerivation, type Tools } from './encryption.ts';
import { sameOctets } from './octets.ts';
import { DIGESTS, OID } from './oid.ts';
import { bmpPasswords, pkcs12Key } from './pkcs12Key.ts';

const LONGEST_DIGEST = 64;

export interface Mac {
  readonly name: string;
  /** Undefined: cannot be checked here. */
  check(password: string, data: Uint8Array, tools: Tools): boolean | undefined;
}

/** MacData of PKCS#12 (RFC 7292, 4), and PBMAC1 in its place (RFC 9579). */
export function readMac(node: Der): Mac {
  const fields = sequence(node, 'the MAC');
  const info = sequence(fields.any('the digest'), 'the digest');
  const algorithm = sequence(info.any('the digest algorithm'), 'the digest algorithm');
  const oid = objectIdentifier(algorithm.any('the digest algorithm'), 'the digest algorithm');
  const expected = octetString(info.any('the digest'), 'the digest');
  if (expected.length > LONGEST_DIGEST)
    throw new DerError('the digest is longer than any hash gives', node.start);
  const salt = octetString(fields.any('the salt'), 'the salt');
  const roundsNode = fields.optional(TAG.integer);
  const rounds = roundsNode === undefined ? 1 : smallInteger(roundsNode, 'the rounds');
  if (oid === OID.pbmac1) return readPbmac1(algorithm.any('its parameters'), expected);
  const hash = DIGESTS.get(oid);
  if (hash === undefined) return { name: oid, check: () => undefined };
  return {
    name: `HMAC with ${hashLabel(hash)}, ${rounds} rounds`,
    check: (password, data, tools) => {
      for (const secret of bmpPasswords(password)) {
        const key = pkcs12Key(tools, hash, secret, salt, rounds, 3, expected.length);
        if (key === undefined) return undefined;
        if (sameOctets(tools.decryptor.hmac(hash, key, data), expected)) return true;
      }
      return false;
    },
  };
}

function readPbmac1(parameters: Der, expected: Uint8Array): Mac {
  const fields = sequence(parameters, 'the parameters');
  const derivation = readDerivation(fields.any('the key derivation'));
  const scheme = sequence(fields.any('the MAC'), 'the MAC');
  const hash = HMACS.get(objectIdentifier(scheme.any('the MAC'), 'the MAC'));
  return {
    name: `PBMAC1, ${derivation.name}`,
    check: (password, data, tools) => {
      const key = derivation.derive(encodeUtf8(password), expected.length, tools);
      if (key === undefined || hash === undefined) return undefined;
      return sameOctets(tools.decryptor.hmac(hash, key, data), expected);
    },
  };
}

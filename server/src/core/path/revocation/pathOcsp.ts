/** An OCSP answer as path validation needs it (RFC 6960, 4.2.1). */
import {
  bitString,
  content,
  context,
  type Der,
  elements,
  fieldsOf,
  integerOctets,
  objectIdentifier,
  octetString,
  readDer,
  readInside,
  sequence,
  smallInteger,
  TAG,
  whole,
} from '../../credential/der.ts';
import { attempt, type Problem } from '../../credential/problem.ts';
import { timeOf } from '../../credential/time.ts';
import { type NameKey, nameKey } from '../nameKey.ts';
import { type PathExtension, readExtension } from '../pathCertificate.ts';

export interface OcspSingle {
  readonly hashOid: string;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  readonly serial: Uint8Array;
  readonly status:
    | { readonly status: 'good' | 'unknown' }
    | { readonly status: 'revoked'; readonly at: string; readonly reason: number | undefined };
  /** ISO 8601. */
  readonly thisUpdate: string;
  readonly nextUpdate: string | undefined;
  readonly extensions: readonly PathExtension[];
}

export interface PathOcsp {
  /** Who says that it answers: by name or by the SHA-1 of its key. */
  readonly responder: { readonly name: NameKey } | { readonly keyHash: Uint8Array };
  readonly producedAt: string;
  readonly answers: readonly OcspSingle[];
  readonly extensions: readonly PathExtension[];
  readonly signed: {
    readonly data: Uint8Array;
    readonly algorithm: Uint8Array;
    readonly signature: Uint8Array;
  };
  /** DER, as the responder sent them along. */
  readonly certificates: readonly Uint8Array[];
}

/** RFC 6960, 4.2.1: why a responder did not answer. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'the responder calls the request malformed',
  2: 'the responder had an error of its own',
  3: 'the responder asks to try later',
  5: 'the responder wants a signed request',
  6: 'the responder does not answer whoever asked',
};
const BASIC = '1.3.6.1.5.5.7.48.1.1';
/** No answer has more. */
const MOST = 1000;

/** A refusal is no answer: it is one of the problems. */
export function readPathOcsp(der: Uint8Array): {
  readonly value: PathOcsp | undefined;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the OCSP answer', () => read(der, problems));
  return { value, problems };
}

function read(der: Uint8Array, problems: Problem[]): PathOcsp | undefined {
  const outer = sequence(readDer(der), 'the answer');
  const code = outer.take(TAG.enumerated, 'its status');
  const status = smallInteger({ ...code, tag: TAG.integer }, 'its status');
  const refuse = (reason: string): undefined => {
    problems.push({ what: 'the OCSP answer', reason, offset: code.start });
    return undefined;
  };
  if (status !== 0) return refuse(REFUSALS[status] ?? `the responder gives the status ${status}`);
  const body = sequence(fieldsOf(outer.take(context(0), 'its body')).any('its body'), 'its body');
  if (objectIdentifier(body.any('its type'), 'its type') !== BASIC)
    return refuse('it is of no type known here');
  const basic = sequence(readInside(body.take(TAG.octetString, 'its content')), 'its content');
  const data = basic.take(TAG.sequence, 'the signed part');
  const algorithm = whole(basic.take(TAG.sequence, 'the signature algorithm'));
  const signature = bitString(basic.any('the signature'), 'the signature');
  const certificates = basic.optional(context(0));
  const fields = fieldsOf(data);
  fields.optional(context(0));
  const responder = responderOf(fields.any('the responder'));
  const producedAt = timeOf(fields.any('its time'), 'its time');
  const answers = [];
  for (const node of elements(fields.take(TAG.sequence, 'the answers'))) {
    if (answers.length >= MOST) return refuse(`it has more than ${MOST} answers`);
    answers.push(singleOf(node));
  }
  const extensions = fields.optional(context(1));
  return {
    responder,
    producedAt,
    answers,
    extensions: extensions === undefined ? [] : extensionsIn(extensions),
    signed: { data: whole(data), algorithm, signature },
    certificates:
      certificates === undefined
        ? []
        : Array.from(elements(fieldsOf(certificates).take(TAG.sequence, 'the certificates')), whole),
  };
}

function responderOf(node: Der): PathOcsp['responder'] {
  const inner = fieldsOf(node).any('the responder');
  return node.tag === context(1)
    ? { name: nameKey(inner) }
    : { keyHash: octetString(inner, 'the hash of a key') };
}

function singleOf(node: Der): OcspSingle {
  const fields = sequence(node, 'an answer');
  const id = sequence(fields.any('what it is about'), 'what it is about');
  const hashOid = objectIdentifier(sequence(id.any('the hash'), 'the hash').any('the hash'), 'the hash');
  const issuerNameHash = octetString(id.any('a hash'), 'a hash');
  const issuerKeyHash = octetString(id.any('a hash'), 'a hash');
  const serial = integerOctets(id.any('the serial number'), 'the serial number');
  const status = statusOf(fields.any('the status'));
  const thisUpdate = timeOf(fields.any('its date'), 'its date');
  const next = fields.optional(context(0));
  const extensions = fields.optional(context(1));
  return {
    hashOid,
    issuerNameHash,
    issuerKeyHash,
    serial,
    status,
    thisUpdate,
    nextUpdate: next && timeOf(fieldsOf(next).any('the next date'), 'the next date'),
    extensions: extensions === undefined ? [] : extensionsIn(extensions),
  };
}

function statusOf(node: Der): OcspSingle['status'] {
  switch (node.tag) {
    case context(0, 'primitive'):
      return { status: 'good' };
    case context(1): {
      const fields = fieldsOf(node);
      const at = timeOf(fields.any('the date'), 'the date');
      const reason = fields.optional(context(0));
      return { status: 'revoked', at, reason: reason && reasonOf(fieldsOf(reason).any('the reason')) };
    }
    default:
      return { status: 'unknown' };
  }
}

function reasonOf(node: Der): number {
  return content(node)[0] ?? 0;
}

function extensionsIn(node: Der): readonly PathExtension[] {
  return Array.from(elements(fieldsOf(node).take(TAG.sequence, 'the extensions')), readExtension);
}

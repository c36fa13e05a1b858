/** Reads what a command was given. It comes from any client, so each field is checked. */
import { ErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { API_VERSION, type IdentityId, parseIdentity } from '../../core/identity/identityId.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../core/lifecycle/event.ts';
import { type ActionSubject, VERBS, type WritingVerb } from '../../core/lifecycle/plan.ts';

export type Arguments = Readonly<Record<string, unknown>>;

export function readArguments(given: unknown): Arguments {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || Array.isArray(given)) throw invalid('one object is expected as argument');
  return given as Arguments;
}

export function text(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value !== 'string' || value === '') throw invalid(`"${name}" is missing or not a text`);
  return value;
}

export function optionalText(args: Arguments, name: string): string | undefined {
  return args[name] === undefined || args[name] === null ? undefined : text(args, name);
}

/** The identity and, where it is given, the one machine whose share is meant. */
export function subjectOf(args: Arguments): ActionSubject {
  const machine = optionalText(args, 'machine');
  return { identity: identityOf(args), ...(machine === undefined ? {} : { machine }) };
}

/** `"Certificate/payments/api"` or its parts. */
export function identityOf(args: Arguments): IdentityId {
  const given = args['identity'];
  if (typeof given === 'string') {
    const identity = parseIdentity(given);
    if (identity === undefined) throw invalid('"identity" has the form KIND/NAME or KIND/NAMESPACE/NAME');
    return identity;
  }
  if (typeof given !== 'object' || given === null) throw invalid('"identity" is missing');
  const parts = readArguments(given);
  return {
    apiVersion: API_VERSION,
    kind: text(parts, 'kind'),
    namespace: text(parts, 'namespace'),
    name: text(parts, 'name'),
  };
}

export function verbOf(args: Arguments): WritingVerb {
  const given = text(args, 'verb');
  const verb = VERBS.find((each): each is WritingVerb => each === given && each !== 'verify');
  if (verb === undefined) throw invalid('"verb" is one of issue, renew, rotate, restore, revoke, destroy');
  return verb;
}

export function reasonOf(args: Arguments): RevocationReason | undefined {
  const given = optionalText(args, 'reason');
  if (given === undefined) return undefined;
  const reason = REVOCATION_REASONS.find((each) => each === given);
  if (reason === undefined) throw invalid(`"reason" is one of ${REVOCATION_REASONS.join(', ')}`);
  return reason;
}

/** Of `revoke`: only what another one took the place of. */
export function formerOf(args: Arguments): boolean {
  const given = args['former'];
  if (given === undefined || given === null || given === false) return false;
  if (given !== true || verbOf(args) !== 'revoke')
    throw invalid('"former" is true or false, and of "revoke" alone');
  return true;
}

export function invalid(what: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, what);
}

import { formatIdentity, type IdentityId, sameIdentity } from '../../server/src/core/identity/identityId.ts';
import type { ProjectIndex } from '../../server/src/core/identity/projectIndex.ts';
import { declarationOf, specDigestOf } from '../../server/src/core/lifecycle/declarationOf.ts';
import type { IdentityEvent } from '../../server/src/core/lifecycle/event.ts';
import { reduceRecord } from '../../server/src/core/lifecycle/record.ts';
import type { IdentityResource } from '../../server/src/core/manifest/resource.ts';
import type { RuleContext } from '../../server/src/core/rules/context.ts';
import type { AnchorFacts, Signers } from '../../server/src/core/trust/trustFacts.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { issuedExample } from './issuedExamples.ts';

/**
 * The record that an example's comments tell, since examples of rules about records need one:
 * `# now: 2026-03-01`, `# issued: [KIND/]NAME FROM..UNTIL [on MACHINE] [replaces NUMBER] [from another manifest]` (the first is
 * number 1), `# delivered: NUMBER to PATH`, `# superseded: NUMBER`, `# revoked: NUMBER`, `# given up: NUMBER to REVOKE`,
 * `# damaged: FILE`, `# anchor: FILE holds NAME until DATE` (a name is also the key that it is compared by),
 * `# signed: NUMBER by NAME[, NAME]` (the highest last), `# credential: NUMBER is KIND` (what was issued; `issuedExamples.ts` knows the kinds).
 */
export function exampleRecord(
  text: string,
  index: ProjectIndex,
): Pick<RuleContext, 'now' | 'records' | 'recorded'> & {
  readonly recorded: NonNullable<RuleContext['recorded']>;
} {
  const lines = [
    ...text.matchAll(/^# (now|issued|delivered|superseded|revoked|given up|damaged|anchor|signed): (.+)$/gm),
  ];
  const credentials = new Map(
    [...text.matchAll(/^# credential: (\d+) is (.+)$/gm)].map(([, number = '', kind = '']) => [number, kind]),
  );
  const digestOf = (resource: IdentityResource): string =>
    specDigestOf(declarationOf(resource, index), nodeHasher);
  const digestNow = (identity: IdentityId): string => {
    const resource = index.identities().find(({ key }) => key === formatIdentity(identity));
    return resource?.usable === true ? digestOf(resource) : '';
  };
  const identities: IdentityId[] = [];
  const events: IdentityEvent[] = [];
  let now = new Date(0);
  const damaged: { file: string; why: string }[] = [];
  const anchors = new Map<string, readonly AnchorFacts[]>();
  const signed = new Map<string, Signers>();
  for (const [, what, said = ''] of lines) {
    const base = {
      schemaVersion: 1,
      id: String(events.length).padStart(6, '0'),
      actor: { name: 'example', tool: 'idac' },
    };
    const chain = { clone: 'example', sequence: 1, previous: null };
    if (what === 'now') now = new Date(`${said}T00:00:00Z`);
    else if (what === 'damaged') damaged.push({ file: said, why: 'it is not JSON' });
    else if (what === 'anchor') {
      const [, file = '', name = '', until = ''] = /^(\S+) holds (\S+) until (\S+)$/.exec(said) ?? [];
      const anchor = { subject: `CN=${name}`, key: name, notAfter: `${until}T00:00:00.000Z` };
      anchors.set(file, [...(anchors.get(file) ?? []), anchor]);
    } else if (what === 'signed') {
      const [, generation = '', names = ''] = /^(\d+) by (.+)$/.exec(said) ?? [];
      const keys = names.split(', ');
      signed.set(generation, { authority: `CN=${keys.at(-1)}`, keys: new Set(keys) });
    } else if (what === 'issued') {
      const [, kind = 'Certificate', name = '', from = '', until = '', machine, replaces, other] =
        /^(?:(\w+)\/)?(\S+) (\S+)\.\.(\S+?)(?: on (\S+))?(?: replaces (\d+))?( from another manifest)?$/.exec(
          said,
        ) ?? [];
      const identity = { apiVersion: 'identity-as-code/v1', kind, namespace: 'default', name };
      if (!identities.some((each) => sameIdentity(each, identity))) identities.push(identity);
      const generation = String(events.filter((event) => event.type === 'issued').length + 1);
      events.push({
        ...base,
        type: 'issued',
        at: `${from}T00:00:00.000Z`,
        identity,
        generation,
        ...(machine === undefined ? {} : { machine }),
        planId: 'example',
        chain,
        backend: 'local-ca',
        credential: {
          serialNumber: `0${generation}`,
          subject: `CN=${name}`,
          issuer: 'CN=Example',
          notBefore: `${from}T00:00:00.000Z`,
          notAfter: `${until}T00:00:00.000Z`,
          keyAlgorithm: 'ECDSA-P256',
          spkiSha256: '',
          fingerprintSha256: '',
        },
        publicText: issuedExample(credentials.get(generation)),
        key: { origin: 'engine', algorithm: 'ECDSA-P256' },
        replaces: replaces === undefined ? [] : [replaces],
        specDigest: other === undefined ? digestNow(identity) : 'another',
        declaredIn: 'example.identity.yaml',
      } as IdentityEvent);
    } else {
      const [generation, path = ''] = said.split(' to ');
      const issued = events.find((event) => event.type === 'issued' && event.generation === generation);
      if (issued === undefined) throw new Error(`nothing issued as ${said} in this example`);
      const body =
        what === 'revoked'
          ? { type: 'revoked', backend: 'local-ca', serialNumber: '', reason: 'unspecified', revokedAt: '' }
          : what === 'delivered'
            ? {
                type: 'delivered',
                copy: {
                  backend: 'vault',
                  as: 'kv',
                  path,
                  contents: ['chain'],
                  version: String(events.length),
                },
              }
            : what === 'given up'
              ? {
                  type: 'abandoned',
                  planId: 'given-up',
                  verb: 'revoke',
                  undoing: false,
                  left: [{ verb: 'revoke', what: path, backend: 'local-ca' }],
                }
              : { type: 'superseded', by: '' };
      events.push({ ...issued, ...base, ...body } as unknown as IdentityEvent);
    }
  }
  const records = new Map(
    identities.map((identity) => [
      formatIdentity(identity),
      reduceRecord(events.filter((event) => sameIdentity(event.identity, identity))),
    ]),
  );
  return {
    now,
    records,
    recorded: {
      undeclared: identities.filter((identity) => index.get(identity) === undefined),
      specDigestOf: digestOf,
      hasher: nodeHasher,
      removals: new Map(),
      declaredElsewhere: new Set(),
      damaged,
      lint: [],
      trust: { anchors, signersOf: ({ id }) => signed.get(id) },
    },
  };
}

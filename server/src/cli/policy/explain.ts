import { EXIT, type ExitCode, UsageError } from '../../app/failure.ts';
import { issuedInUse } from '../../app/issuedInUse.ts';
import type { Finding } from '../../core/finding.ts';
import { formatIdentity, isIdentityKind, parseIdentity } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { IdentityResource, Resource } from '../../core/manifest/resource.ts';
import { type Ask, sourceOf } from '../../core/policy/boundPolicy.ts';
import { policiesInForce } from '../../core/policy/policiesInForce.ts';
import { untoldOf } from '../../core/rules/issuedAsks.ts';
import { isWaiverOver, type Waiver, waiversOf } from '../../core/rules/waiver.ts';
import { canonicalJson } from '../../core/text/canonicalJson.ts';
import type { PolicyInvocation } from '../commands/policy.ts';
import { rangeJson } from '../output/findingsJson.ts';
import { json } from '../output/json.ts';
import { BLANK, indent, type Line, line, paragraph, span } from '../output/text.ts';
import { clockOf } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';
import { defaultsJson, defaultsText, explainDefaults } from './explainDefaults.ts';

/** One rule that some policy asks of an identity, and what came of it. */
interface Explained {
  readonly ask: Ask;
  /** The ask of another policy that stands in its place. */
  readonly by: Ask | undefined;
  readonly findings: readonly Finding[];
  readonly waivers: readonly Waiver[];
  /** Why nobody can tell whether it is kept, where nothing shows that it is not. */
  readonly untold: string | undefined;
}

/** Why something is an error here: all that is asked of one identity, by whom, on which line, and whether it is kept. */
export function explainPolicies(
  operands: readonly string[],
  invocation: PolicyInvocation,
): Promise<ExitCode> {
  const { options, terminal, signal } = invocation;
  const [name, wanted, ...more] = operands;
  if (name === undefined || more.length > 0)
    throw new UsageError(
      '`policy explain` is about one identity',
      'Write KIND/NAMESPACE/NAME, and a rule if you like.',
    );
  return withProject(invocation, { unlocks: false }, async (project) => {
    const [problem] = project.policyProblems();
    if (problem !== undefined) throw problem;
    // Reads the manifests, too.
    const all = await project.check(signal);
    const index = project.workspace.index();
    const resource = identityOf(name, index);
    const now = clockOf(options.now)?.now() ?? new Date();
    const outside = project.workspace.outsidePolicies();
    const { policies, asks, replaced } = policiesInForce(index, now, outside).effectOn(resource);
    const defaults =
      wanted === undefined ? explainDefaults(resource, index, policies) : { fields: [], ignored: [] };
    const found = all.filter(
      ({ identity }) => identity !== undefined && formatIdentity(identity) === resource.key,
    );
    const waivers = waiversOf({ index, policies: outside }).filter(
      (waiver) => !isWaiverOver(waiver, now) && waiver.identities.includes(resource.key),
    );
    const issued = await issuedInUse(
      project,
      [resource],
      asks.map(({ rule }) => rule),
      signal,
    );
    const explained = [
      ...asks.map((ask) => ({ ask, by: undefined })),
      ...replaced.map(({ ask, by }) => ({ ask, by })),
    ]
      .filter(({ ask }) => wanted === undefined || ask.rule === wanted)
      .map(({ ask, by }): Explained => {
        const findings = by === undefined ? found.filter(({ rule }) => rule === ask.rule) : [];
        // Its kind decides the type of its specification.
        const identity = resource as unknown as IdentityResource;
        return {
          ask,
          by,
          findings,
          waivers: waivers.filter(({ rule }) => rule === ask.rule),
          untold: findings.length > 0 ? undefined : untoldOf(ask, identity, issued),
        };
      });
    if (options.format === 'json')
      terminal.data(
        json({
          identity: resource.id,
          file: resource.file,
          rules: explained.map(explainedJson),
          defaults: defaultsJson(defaults),
        }),
      );
    else
      terminal.out([
        ...explainedText(resource, explained, wanted, terminal.columns),
        ...defaultsText(defaults, terminal.columns),
      ]);
    return EXIT.clean;
  });
}

function identityOf(name: string, index: ProjectIndex): Resource {
  const id = parseIdentity(name);
  const resource = id === undefined || !isIdentityKind(id.kind) ? undefined : index.get(id);
  if (resource === undefined)
    throw new UsageError(
      `No manifest declares ${name}`,
      'Write KIND/NAMESPACE/NAME as idac inventory shows it.',
    );
  if (!resource.usable)
    throw new UsageError(
      `${name} has mistakes, and is judged once they are corrected`,
      `idac check ${resource.file} shows them.`,
    );
  return resource;
}

function explainedJson({ ask, by, findings, waivers, untold }: Explained): Readonly<Record<string, unknown>> {
  return {
    ...askJson(ask),
    ...(by === undefined ? {} : { replacedBy: askJson(by) }),
    ...(untold === undefined ? {} : { unjudged: untold }),
    findings: findings.map(({ severity, message, file, range }) => ({
      severity,
      message,
      file,
      range: rangeJson(range),
    })),
    waivers: waivers.map(({ owner, approvedBy, reason, until, policy }) => ({
      policy: policy.name,
      owner,
      ...(approvedBy === undefined ? {} : { approvedBy }),
      reason,
      until,
    })),
  };
}

function askJson(ask: Ask): Readonly<Record<string, unknown>> {
  const { name, origin, binding, file, range } = sourceOf(ask);
  return {
    rule: ask.rule,
    ...(ask.severity === undefined ? {} : { severity: ask.severity }),
    parameters: ask.parameters,
    policy: { name, origin, binding, file, range: rangeJson(range) },
  };
}

function explainedText(
  resource: Resource,
  explained: readonly Explained[],
  wanted: string | undefined,
  columns: number,
): readonly Line[] {
  if (explained.length === 0) {
    const what = wanted === undefined ? 'anything' : `"${wanted}"`;
    return [line(span(`No policy asks ${what} of ${resource.key}.`, 'quiet'))];
  }
  return [
    line(span(resource.key, 'strong'), span(`  ${resource.file}`, 'quiet')),
    ...explained.flatMap((each) => [BLANK, ...indent(2, oneRule(each, columns - 2))]),
  ];
}

function oneRule({ ask, by, findings, waivers, untold }: Explained, columns: number): readonly Line[] {
  const state =
    by !== undefined
      ? span(`gave way to policy ${by.policy.resource.name}`, 'quiet')
      : findings.length > 0
        ? span('not kept', 'error')
        : waivers.length > 0
          ? span('waived', 'warning')
          : untold !== undefined
            ? span('unknown', 'quiet')
            : span('kept', 'good');
  const { name, origin, binding, file, range } = sourceOf(ask);
  const from = origin === 'project' ? '' : ` from ${origin}`;
  const place = `${file}:${range.start.line + 1}`;
  const bound = binding ? ', waived by nobody' : '';
  const { expression, ...parameters } = ask.parameters;
  const asked = typeof expression === 'string' ? expression : canonicalJson(parameters);
  return [
    line(span(ask.rule, 'accent'), '  ', state),
    ...indent(2, paragraph([], asked === '{}' ? 'no parameters' : asked, columns - 2, 'quiet')),
    ...indent(2, paragraph([], `policy ${name}${from}, ${place}${bound}`, columns - 2, 'quiet')),
    ...(untold === undefined ? [] : indent(2, paragraph([], untold, columns - 2))),
    ...findings.flatMap(({ message, range: at }) =>
      indent(2, paragraph([span(`line ${at.start.line + 1}  `, 'quiet')], message, columns - 2)),
    ),
    ...waivers.flatMap(({ owner, reason, until }) =>
      indent(2, paragraph([span(`waived until ${until} by ${owner}  `, 'quiet')], reason, columns - 2)),
    ),
  ];
}

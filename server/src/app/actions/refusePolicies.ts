import type { Finding } from '../../core/finding.ts';
import { sameIdentity } from '../../core/identity/identityId.ts';
import type { ActionRequest, BrokenLimit, Refusal, WritingVerb } from '../../core/lifecycle/plan.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import { judgeIdentity } from '../../core/policy/policyFindings.ts';
import type { Clock } from '../../core/ports.ts';
import { type Exception, exceptionsIn } from '../../core/rules/exceptions.ts';
import { judgesOf } from '../../core/rules/runRules.ts';
import { capitalized, sentence } from '../../core/text/sentence.ts';
import { identityIn } from '../declarations.ts';
import type { PackError } from '../policies/packError.ts';
import type { Workspace } from '../workspace.ts';
import { takeSaved } from './savedManifests.ts';

/** Verbs that make or deliver a credential. What ends one is never put off by what it should have been. */
const POLICED: ReadonlySet<WritingVerb> = new Set(['issue', 'renew', 'rotate', 'restore']);

/**
 * Why policies forbid an action; where they do not, what is waived for it now, in sentences. Judged by saved text, and before
 * anything outside is asked.
 */
export async function judgeByPolicies(
  request: ActionRequest,
  workspace: Workspace,
  clock: Clock,
): Promise<Refusal | readonly string[]> {
  const { identity, verb } = request;
  if (!POLICED.has(verb)) return [];
  const policies = workspace.index().policies();
  const unsaved = await takeSaved(
    identity,
    policies.map(({ file }) => file),
    workspace,
  );
  if (unsaved !== undefined) return unsaved;
  const unread = policies.find(({ usable }) => !usable);
  if (unread !== undefined) {
    const line = unread.locate(['metadata', 'name'], 'value').start.line + 1;
    return refusal(
      identity,
      'policy',
      `${capitalized(verb)} ${formatSubject(request)}: the policy ${unread.name} at ${unread.file}:${line} cannot be read, so what it asks is not known. Nothing was contacted or changed.`,
      'Correct the policy: idac check shows what is wrong with it.',
    );
  }
  const { broken, excepted } = judge(request, workspace, clock.now());
  const [first, ...others] = broken;
  if (first === undefined) return excepted;
  const { policy } = first;
  const from = policy.origin === 'project' ? '' : ` from ${policy.origin}`;
  const more = others.length === 0 ? '' : ` ${others.length} more: idac check shows them.`;
  return {
    ...refusal(
      identity,
      'policy',
      `${capitalized(verb)} ${formatSubject(request)}: ${first.file}:${first.line}: ${sentence(first.message)} The policy says so at ${policy.file}:${policy.line}${from} (${first.rule}).${more} Nothing was contacted or changed.`,
      'Correct the manifest as the finding says, or ask the owners of the policy for an exception.',
    ),
    against: broken,
  };
}

/** Policies that this machine names and that cannot be read might forbid it. */
export function refuseWithoutPolicies(
  { identity, verb }: ActionRequest,
  [problem]: readonly PackError[],
): Refusal | undefined {
  if (problem === undefined || !POLICED.has(verb)) return undefined;
  return refusal(
    identity,
    'policy-unreadable',
    `Policies that are named outside of the project cannot be had: ${sentence(problem.message)} Nothing was contacted or changed.`,
    capitalized(sentence(problem.hint)),
  );
}

function judge(
  { identity, verb }: ActionRequest,
  workspace: Workspace,
  now: Date,
): { readonly broken: readonly BrokenLimit[]; readonly excepted: readonly string[] } {
  const index = workspace.index();
  const resource = identityIn(index, identity);
  if (!resource?.usable) return { broken: [], excepted: [] };
  const policies = workspace.outsidePolicies();
  const judged = judgeIdentity(resource, {
    index,
    now,
    outside: policies,
    acting: verb,
    rules: judgesOf({}),
  });
  // What other rules found is there already, as grave as policies make it.
  const graded = workspace
    .findingsOf(resource.file)
    .filter(
      ({ rule, policy, identity: of }) =>
        policy !== undefined &&
        of !== undefined &&
        sameIdentity(of, identity) &&
        !judged.some((each) => each.rule === rule),
    );
  const exceptionFor = exceptionsIn({ index, now, policies });
  const errors = judged.filter(({ severity }) => severity === 'error');
  return {
    broken: [
      ...errors.filter((finding) => exceptionFor(finding) === undefined),
      ...graded.filter(({ severity }) => severity === 'error'),
    ].flatMap(brokenLimit),
    excepted: errors.flatMap((finding) => {
      const exception = exceptionFor(finding);
      return exception === undefined ? [] : [exceptionText(finding, exception)];
    }),
  };
}

function exceptionText(
  { message, rule }: Finding,
  { by, owner, reason, until, file, range }: Exception,
): string {
  const whose = owner === undefined ? `a ${by}` : `a ${by} of ${owner}`;
  return `${sentence(message)} Excepted until ${until} by ${whose} (${rule}, ${file}:${range.start.line + 1}): ${sentence(reason)}`;
}

function brokenLimit({ rule, message, file, range, policy }: Finding): readonly BrokenLimit[] {
  if (policy === undefined) return [];
  const { name, origin, file: policyFile, range: place } = policy;
  return [
    {
      rule,
      message,
      file,
      line: range.start.line + 1,
      policy: { name, origin, file: policyFile, line: place.start.line + 1 },
    },
  ];
}

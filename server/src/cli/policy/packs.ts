import { EXIT, type ExitCode, UsageError } from '../../app/failure.ts';
import { readPack, shippedPacks } from '../../app/policies/readPack.ts';
import type { BoundPolicy, OutsideOrigin } from '../../core/policy/boundPolicy.ts';
import { asksOf } from '../../core/policy/effectivePolicy.ts';
import { plural } from '../../core/text/instant.ts';
import type { PolicyInvocation } from '../commands/policy.ts';
import { json } from '../output/json.ts';
import { BLANK, indent, line, paragraph, span } from '../output/text.ts';
import { withProject } from '../withProject.ts';

interface ListedPack {
  readonly name: string;
  readonly digest: string;
  readonly policies: readonly {
    readonly name: string;
    readonly description: string;
    readonly rules: number;
  }[];
  /** Of those that hold here: who asks for it. */
  readonly by?: OutsideOrigin['by'];
}

/** What ships with the program, and what holds here from outside. */
export function listPacks(names: readonly string[], invocation: PolicyInvocation): Promise<ExitCode> {
  if (names.length > 0) throw new UsageError('`policy packs` lists all of them', 'Write it without a name.');
  const { options, terminal, signal } = invocation;
  return withProject(invocation, { unlocks: false }, async (project) => {
    await project.workspace.scan(signal);
    const [problem] = project.policyProblems();
    const inForce = byOrigin(project.workspace.outsidePolicies());
    const shipped = shippedPacks().map((name) => {
      const { origin, policies } = readPack({ is: 'shipped', name }, 'project', {
        stateHome: project.root,
        base: project.root,
      });
      return { ...listed(origin, policies), name };
    });
    if (options.format === 'json') {
      terminal.data(json({ shipped, inForce }));
    } else {
      const shown = (packs: readonly ListedPack[], title: string) => [
        line(span(title, 'strong')),
        ...packs.flatMap(({ name, policies, by }) => [
          BLANK,
          line('  ', span(name, 'accent'), span(by === undefined ? '' : `  asked for by the ${by}`, 'quiet')),
          ...policies.flatMap((each) => [
            line('    ', span(each.name), span(`  ${plural(each.rules, 'rule')}`, 'quiet')),
            ...indent(6, paragraph([], each.description, terminal.columns - 6, 'quiet')),
          ]),
        ]),
      ];
      terminal.out([...shown(shipped, 'Packs that ship with idac'), BLANK]);
      terminal.out(
        inForce.length === 0
          ? [line(span('None holds here from outside of the project.', 'quiet'))]
          : shown(inForce, 'In force here, from outside of the manifests'),
      );
    }
    if (problem !== undefined) throw problem;
    return EXIT.clean;
  });
}

function byOrigin(policies: readonly BoundPolicy[]): readonly ListedPack[] {
  const origins = new Map<OutsideOrigin, BoundPolicy[]>();
  for (const each of policies) {
    if (each.origin === 'project') continue;
    const others = origins.get(each.origin);
    if (others === undefined) origins.set(each.origin, [each]);
    else others.push(each);
  }
  return [...origins].map(([origin, all]) => listed(origin, all));
}

function listed(origin: OutsideOrigin, policies: readonly BoundPolicy[]): ListedPack {
  return {
    name: origin.name,
    digest: origin.digest ?? '',
    policies: policies.map((policy) => ({
      name: policy.resource.name,
      description: policy.resource.spec.description ?? '',
      rules: asksOf(policy).length,
    })),
    ...(origin.by === undefined ? {} : { by: origin.by }),
  };
}

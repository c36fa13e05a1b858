import type { BackendResource } from '../../manifest/resource.ts';
import { oneOf } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { relatedTo, replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/role-mismatch',
    severity: 'error',
    perResource: true,
    title: 'A backend is named for what it cannot do',
    why: 'A certificate authority issues, a key store keeps keys, a target takes deliveries. A backend of a type without that role refuses the action half-way.',
    remedy: 'Name a backend whose type plays the role.',
  },
  *check({ index, backendRoles }) {
    const plays = (backend: BackendResource, role: string): boolean =>
      backendRoles.get(backend.spec.type)?.includes(role) ?? true;
    for (const resource of index.resources) {
      for (const reference of index.referencesFrom(resource)) {
        const { role } = reference;
        const backend = reference.kind === 'Backend' ? index.backend(reference.name) : undefined;
        if (role === undefined || backend === undefined || plays(backend, role)) continue;
        const able = index.backends().filter((each) => backendRoles.get(each.spec.type)?.includes(role));
        const hint =
          able.length === 0
            ? 'no backend of the project is'
            : `${oneOf(able.slice(0, 3).map(({ name }) => name))} is`;
        const message = `the backend "${backend.name}" (${backend.spec.type}) is no ${role}; ${hint}`;
        yield report(resource, reference.path, message, {
          related: [relatedTo(backend, ['spec', 'type'], 'its type')],
          fixes: able
            .slice(0, 5)
            .map(({ name }) => replaceValue(resource, reference.path, name, able.length === 1)),
        });
      }
    }
  },
};

import path from 'node:path';
import { isIdentityKind } from '../core/identity/identityId.ts';
import { documentAt } from '../core/manifest/documentAt.ts';
import type { ManifestPath } from '../core/manifest/path.ts';
import { sourceOf } from '../core/policy/boundPolicy.ts';
import type { FieldAsk } from '../core/policy/fieldAsks.ts';
import { visible } from '../core/text/visible.ts';
import type { FileAt } from './fileAt.ts';
import { escapeMarkdown } from './markdown.ts';
import type { OpenedProject } from './projects.ts';

/** What policies ask of a field of the manifest on a line, as hover and the documentation of a completion show it. */
export function policiesOn(
  at: FileAt | undefined,
  line: number,
  field: ManifestPath,
  isMarkdown: boolean,
): string {
  const resource = at && documentAt(at.file, line)?.resource;
  if (at === undefined || resource === undefined || !isIdentityKind(resource.kind)) return '';
  return policyText(at.opened.project.workspace.asksOf(resource)(field), at.opened, isMarkdown);
}

/** Policies are texts of other people. */
function policyText(asks: readonly FieldAsk[], opened: OpenedProject, isMarkdown: boolean): string {
  return groupsOf(asks)
    .map(({ first, says }) => {
      const { policy } = first.ask;
      const { origin, cites } = sourceOf(first.ask);
      const { file, spec } = policy.resource;
      const title = `Policy ${policy.resource.name}${origin === 'project' ? '' : ` from ${origin}`}`;
      const line = policy.resource.locate([...first.ask.path, ...first.at], 'key').start.line + 1;
      const place = `${path.posix.basename(file)}:${line}`;
      const sentences = [
        ...(spec.description === undefined ? [] : [spec.description]),
        ...says,
        ...(cites === undefined ? [] : [`It cites ${cites}.`]),
      ];
      if (!isMarkdown)
        return [`${visible(title)} (${visible(place)})`, ...sentences.map((each) => visible(each))].join(
          '\n',
        );
      const link = `[${escapeMarkdown(place)}](<${opened.uriOf(file)}#L${line}>)`;
      const items = sentences.map((each) => `- ${escapeMarkdown(each)}`);
      return `**${escapeMarkdown(title)}** (${link})\n\n${items.join('\n')}`;
    })
    .join('\n\n');
}

interface Group {
  readonly first: FieldAsk;
  readonly says: readonly string[];
}

/** What one policy asks by one rule is told together. */
function groupsOf(asks: readonly FieldAsk[]): readonly Group[] {
  const groups = new Map<FieldAsk['ask'], Group>();
  for (const each of asks) {
    const own = [
      ...(each.required === true ? ['It is required.'] : []),
      ...(each.forbidden === true ? ['It must not be there.'] : []),
      ...each.says,
    ];
    if (own.length === 0) continue;
    const before = groups.get(each.ask);
    groups.set(each.ask, { first: before?.first ?? each, says: [...(before?.says ?? []), ...own] });
  }
  return [...groups.values()];
}

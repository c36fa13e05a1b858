import path from 'node:path';
import { isIdentityKind } from '../core/identity/identityId.ts';
import { documentAt } from '../core/manifest/documentAt.ts';
import { formatPath, type ManifestPath } from '../core/manifest/path.ts';
import type { Resource } from '../core/manifest/resource.ts';
import { sourceOf } from '../core/policy/boundPolicy.ts';
import { type Defaults, defaultsFor, type Given, giverOf } from '../core/policy/defaults.ts';
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
  const { workspace } = at.opened.project;
  const asked = policyText(workspace.asksOf(resource)(field), at.opened, isMarkdown);
  return [defaultText(defaultsFor(resource, workspace.index()), field, at.opened, isMarkdown), asked]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** What counts where the field is left out, and who says so. */
function defaultText(
  { fields }: Defaults,
  path: ManifestPath,
  opened: OpenedProject,
  isMarkdown: boolean,
): string {
  const field = fields.find((each) => formatPath(each.path) === formatPath(path));
  if (field === undefined) return '';
  const who = (given: Given): string =>
    `${shown(giverOf(given), isMarkdown)} (${placeText(given.by, given.at, opened, isMarkdown)})`;
  const { given, conflict } = field;
  const sentences = [
    ...(conflict.length === 0
      ? []
      : [`Policies fill in different values, so none of them counts: ${conflict.map(who).join(', ')}.`]),
    ...(given === undefined
      ? []
      : [`Left out, it is ${shown(JSON.stringify(given.value), isMarkdown)} by ${who(given)}.`]),
  ];
  return sentences.join(' ');
}

function shown(text: string, isMarkdown: boolean): string {
  return isMarkdown ? escapeMarkdown(text) : visible(text);
}

/** Leads to the line where somebody says it. */
function placeText(
  resource: Pick<Resource, 'file' | 'locate'>,
  at: ManifestPath,
  opened: OpenedProject,
  isMarkdown: boolean,
): string {
  const { file } = resource;
  const line = resource.locate(at, 'key').start.line + 1;
  const place = shown(`${path.posix.basename(file)}:${line}`, isMarkdown);
  return isMarkdown ? `[${place}](<${opened.uriOf(file)}#L${line}>)` : place;
}

/** Policies are texts of other people. */
function policyText(asks: readonly FieldAsk[], opened: OpenedProject, isMarkdown: boolean): string {
  return groupsOf(asks)
    .map(({ first, says }) => {
      const { policy } = first.ask;
      const { origin, cites } = sourceOf(first.ask);
      const { name, spec } = policy.resource;
      const title = shown(`Policy ${name}${origin === 'project' ? '' : ` from ${origin}`}`, isMarkdown);
      const place = placeText(policy.resource, [...first.ask.path, ...first.at], opened, isMarkdown);
      const sentences = [
        ...(spec.description === undefined ? [] : [spec.description]),
        ...says,
        ...(cites === undefined ? [] : [`It cites ${cites}.`]),
      ].map((each) => shown(each, isMarkdown));
      return isMarkdown
        ? `**${title}** (${place})\n\n${sentences.map((each) => `- ${each}`).join('\n')}`
        : [`${title} (${place})`, ...sentences].join('\n');
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

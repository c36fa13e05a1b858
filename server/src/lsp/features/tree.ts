import { formatIdentity, type IdentityId } from '../../core/identity/identityId.ts';
import { endsThisWeek } from '../../core/inventory/expiryGroup.ts';
import { findRows } from '../../core/inventory/findRows.ts';
import type { Grouping } from '../../core/inventory/grouping.ts';
import { GROUPINGS_TEXT, parseGrouping } from '../../core/inventory/grouping.ts';
import { VERBS, type Verb } from '../../core/lifecycle/plan.ts';
import {
  type Arguments,
  identityOf,
  invalid,
  optionalText,
  readArguments,
  text,
} from '../commands/arguments.ts';
import { projectOf } from '../commands/command.ts';
import { groupId, inventoryOf, readingNow, treeGroup, treeRow } from '../inventoryView.ts';
import { type Feature, onRequest } from '../table.ts';
import type { TreeGroups, TreeRows } from '../treeProtocol.ts';
import { FindRequest, RowRequest, SummaryRequest, TreeRequest } from '../treeProtocol.ts';

const PAGE = 200;
const LARGEST_PAGE = 1000;

/** What the views of the side bar show, a page at a time: nobody is sent all identities of a large workspace. */
export const tree: Feature = {
  rows: [
    onRequest(TreeRequest, async (params, { session, signal }): Promise<TreeGroups | TreeRows> => {
      const args = readArguments(params);
      const grouping = groupingOf(args);
      const filter = typed(args, 'filter');
      const { offset, limit } = pageOf(args);
      const index = await inventoryOf(session, signal);
      const groups = index.groups(grouping, filter);
      const wanted = args['group'];
      if (wanted === undefined || wanted === null)
        return {
          groups: groups.slice(offset, offset + limit).map(treeGroup),
          total: groups.length,
          matching: index.matching(filter).length,
          rows: index.rows.length,
          ...(await readingNow(session)),
        };
      const group = groups.find((each) => groupId(each) === wanted);
      const members = group?.members ?? [];
      return {
        rows: members
          .slice(offset, offset + limit)
          .map((placed) => treeRow(placed, index.projects.length > 1)),
        total: members.length,
        revision: group?.revision ?? '',
      };
    }),
    onRequest(SummaryRequest, async (params, { session, signal }) => {
      // A person asked: perhaps nobody told what was written on this disk.
      if (readArguments(params)['refresh'] === true)
        await Promise.all((await session.projects.all()).map(({ state }) => state.refresh()));
      const index = await inventoryOf(session, signal);
      const groups = index.groups('expiry');
      const thisWeek = groups.find(({ value }) => value === 'within7Days')?.members ?? [];
      return {
        total: index.rows.length,
        attention: index.attention,
        endThisWeek: thisWeek.filter(({ row }) => endsThisWeek(row)).length,
        groups: groups.map(treeGroup),
        projects: index.projects.map(({ root, name, rows }) => ({ uri: root, name, rows: rows.length })),
        ...(await readingNow(session)),
      };
    }),
    onRequest(FindRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const verb = verbOf(args);
      const { limit } = pageOf(args);
      const query = typed(args, 'query');
      const index = await inventoryOf(session, signal);
      const { rows, more } = findRows(index.rows, query, verb, limit);
      return { rows: rows.map((placed) => treeRow(placed, index.projects.length > 1)), more };
    }),
    onRequest(RowRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const opened = await projectOf({ session, args });
      const machine = optionalText(args, 'machine') ?? null;
      const { rows } = await opened.state.snapshot(signal);
      const named = rows.filter(isNamed(args));
      const row = named.find((each) => each.machine === machine) ?? (machine === null ? named[0] : undefined);
      return row === undefined ? null : { uri: opened.uri, project: opened.project.name, row };
    }),
  ],
};

function groupingOf(args: Arguments): Grouping {
  const grouping = parseGrouping(text(args, 'groupBy'));
  if (grouping === undefined) throw invalid(`"groupBy" is one of ${GROUPINGS_TEXT}`);
  return grouping;
}

/** Of texts that a person types, the empty one is as good as any. */
function typed(args: Arguments, name: string): string {
  const value = args[name] ?? '';
  if (typeof value !== 'string') throw invalid(`"${name}" is not a text`);
  return value;
}

function pageOf(args: Arguments): { readonly offset: number; readonly limit: number } {
  const number = (name: string, otherwise: number): number => {
    const value = args[name] ?? otherwise;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw invalid(`"${name}" is a whole number, 0 or more`);
    return value;
  };
  return { offset: number('offset', 0), limit: Math.min(number('limit', PAGE), LARGEST_PAGE) };
}

function verbOf(args: Arguments): Verb | undefined {
  const given = optionalText(args, 'verb');
  if (given === undefined) return undefined;
  const verb = VERBS.find((each) => each === given);
  if (verb === undefined) throw invalid(`"verb" is one of ${VERBS.join(', ')}`);
  return verb;
}

/** By the name that every face shows; a login has no namespace, and no other name. */
function isNamed(args: Arguments): (row: Pick<IdentityId, 'kind' | 'namespace' | 'name'>) => boolean {
  const given = args['identity'];
  const identity = identityOf(args);
  const full = formatIdentity(identity);
  return (row) => {
    if (row.name !== identity.name) return false;
    const name = formatIdentity(row);
    return name === full || name === given;
  };
}

import type { ASTNode } from '@marcbachmann/cel-js';
import type { ManifestPath } from '../../manifest/path.ts';

/** A field that an expression speaks of; offsets in the expression. */
export interface FieldReference {
  /** From the manifest's root; 0 stands for any item of a list. */
  readonly path: ManifestPath;
  /** Of its last word. */
  readonly start: number;
  readonly end: number;
  /** Nothing is asked of what it is in. */
  readonly isWhole: boolean;
}

export interface Understood {
  readonly references: readonly FieldReference[];
  /** How deep loops over lists stand in each other. */
  readonly nesting: number;
  readonly nodes: number;
  /** Calls by name, with the place of the receiver's end. */
  readonly calls: readonly { readonly name: string; readonly node: ASTNode; readonly after: number }[];
}

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Walks an expression once: which fields, which loops, which calls. */
export function understand(root: ASTNode): Understood {
  const references: FieldReference[] = [];
  const calls: Understood['calls'][number][] = [];
  let nodes = 0;
  let deepest = 0;

  /** Gives the path of what the node is, where it is a part of the manifest. */
  const walk = (
    node: ASTNode,
    scope: ReadonlyMap<string, ManifestPath>,
    depth: number,
    isWhole: boolean,
  ): ManifestPath | undefined => {
    nodes += 1;
    deepest = Math.max(deepest, depth);
    const all = (each: readonly ASTNode[], inner = scope, at = depth): undefined => {
      for (const one of each) walk(one, inner, at, true);
      return undefined;
    };
    switch (node.op) {
      case 'value':
        return undefined;
      case 'id':
        return scope.get(node.args);
      case '.':
      case '.?': {
        const [holder, name] = node.args as unknown as [ASTNode, string | ASTNode];
        const parent = walk(holder, scope, depth, false);
        const word = typeof name === 'string' ? name : name.op === 'value' ? String(name.args) : undefined;
        if (parent === undefined || word === undefined) return undefined;
        const path = [...parent, word];
        references.push({ path, start: node.end - word.length, end: node.end, isWhole });
        return path;
      }
      case '[]':
      case '[?]': {
        const [holder, key] = node.args;
        const parent = walk(holder, scope, depth, false);
        walk(key, scope, depth, true);
        if (parent === undefined) return undefined;
        return key.op === 'value' && typeof key.args === 'string' ? [...parent, key.args] : [...parent, 0];
      }
      case 'call':
        calls.push({ name: node.args[0], node, after: node.start });
        return all(node.args[1]);
      case 'rcall': {
        const [name, receiver, given] = node.args;
        const parent = walk(receiver, scope, depth, true);
        calls.push({ name, node, after: receiver.end });
        const [item, ...rest] = given;
        if (!LOOPS.has(name) || item?.op !== 'id') return all(given);
        const inner = new Map(scope);
        inner.delete(item.args);
        if (parent !== undefined) inner.set(item.args, [...parent, 0]);
        all(rest, inner, depth + 1);
        return name === 'filter' ? parent : undefined;
      }
      case 'list':
        return all(node.args);
      case 'map':
        return all(node.args.flat());
      case '!_':
      case '-_':
        return all([node.args]);
      default:
        return all(node.args as readonly ASTNode[]);
    }
  };
  const scope = new Map<string, ManifestPath>([
    ['identity', []],
    ['labels', ['metadata', 'labels']],
  ]);
  walk(root, scope, 0, true);
  return { references, nesting: deepest, nodes, calls };
}

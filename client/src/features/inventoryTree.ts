import type { Feature } from '../session.ts';
import { openTree } from '../tree/openTree.ts';

/** What there is, in sections: each feature that has something to show there adds its own. */
export const inventoryTree: Feature = ({ inventorySections, log }) =>
  openTree('identity.inventory', inventorySections, { failed: (error) => log.error(String(error)) });

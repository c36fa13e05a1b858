import { TrustGrantedNotification } from '../protocol.ts';
import { type Feature, onNotification0 } from '../table.ts';

/** Workspace trust is granted once and never taken back in a session (VS Code restarts the extension for that). */
export const trust: Feature = {
  rows: [onNotification0(TrustGrantedNotification, (session) => session.grantTrust())],
};

/**
 * Why a path from a manifest or a record is refused, before any file call sees it; undefined when it is fine.
 * The rules of all platforms hold on each: a repository is cloned on Windows, too.
 */
export function relativePathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.length > 1024) return 'it is longer than 1024 characters';
  if (hasControlCharacter(path)) return 'it holds a control character';
  if (path.includes('\\')) return 'it holds a backslash; write forward slashes (/)';
  if (path.startsWith('//')) return 'it names another computer (UNC)';
  if (path.startsWith('/')) return 'it is absolute: write it relative to the project';
  if (/^[A-Za-z]:/.test(path)) return 'it names a drive: write it relative to the project';
  for (const segment of path.split('/')) {
    const problem = segmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Win32 takes these as devices in every folder, with any extension ("Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/;

/** Also with an extension, and in any letter case. */
export function isDeviceName(segment: string): boolean {
  return DEVICE.test((segment.split('.', 1)[0] ?? '').trimEnd().toLowerCase());
}

function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'it has an empty part (two slashes, or one at the end)';
  if (segment === '..') return 'it climbs out with ".."';
  if (segment === '.') return 'it holds a "." part';
  if (segment.length > 240) return 'a part of it is longer than 240 characters';
  if (segment.includes(':')) return 'it holds a colon (an alternate data stream on Windows)';
  if (/[<>"|?*]/.test(segment)) return 'it holds one of < > " | ? *, which Windows refuses';
  if (/[. ]$/.test(segment)) return `a part of it ends with a dot or a space, which Windows drops`;
  if (isDeviceName(segment)) return `"${segment}" is a device name on Windows`;
  return undefined;
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/**
 * Whether a path leads into git's own files or our records, as any file system might read it: letter case, the code
 * points that HFS+ ignores, NTFS short names (`git~1`), as git itself checks since CVE-2014-9390.
 */
export function isInternal(path: string): '.git' | '.identity' | undefined {
  for (const segment of path.split('/')) {
    const plain = segment
      .normalize('NFKC')
      .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
      .toLowerCase();
    if (plain === '.git' || /^git~\d+$/.test(plain)) return '.git';
    if (plain === '.identity' || /^identi~\d+$/.test(plain)) return '.identity';
  }
  return undefined;
}

/** Why a manifest may not name this path as a file of its project; undefined when it may. */
export function projectPathProblem(path: string): string | undefined {
  const problem = relativePathProblem(path);
  if (problem !== undefined) return problem;
  if (/^~(?:\/|$)/.test(path)) return 'it starts in a home folder';
  const internal = isInternal(path);
  return internal === undefined
    ? undefined
    : `it leads into ${internal}, which is not for manifests to write`;
}

/** Both are relative to the same folder, with forward slashes; an empty `folder` is that one. */
export function isBelow(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`);
}

/** What a comment starts with that ignores a finding. */
export const IGNORE_WORD = 'idac-ignore';

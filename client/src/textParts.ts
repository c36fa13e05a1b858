import * as vscode from 'vscode';

/** The parts of a page of text, for the outline: what stands at the margin with something indented below it. */
export function partsOf(document: vscode.TextDocument): vscode.DocumentSymbol[] {
  const parts: vscode.DocumentSymbol[] = [];
  const isIndented = (line: number): boolean =>
    line < document.lineCount && /^\s+\S/.test(document.lineAt(line).text);
  for (let line = 0; line < document.lineCount; line += 1) {
    const { text, range } = document.lineAt(line);
    if (!/^\S/.test(text) || !isIndented(line + 1)) continue;
    let last = line;
    while (isIndented(last + 1)) last += 1;
    parts.push(
      new vscode.DocumentSymbol(
        text,
        '',
        vscode.SymbolKind.Namespace,
        range.union(document.lineAt(last).range),
        range,
      ),
    );
  }
  return parts;
}

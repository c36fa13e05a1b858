import * as vscode from 'vscode';

/** The picture in the tab of a page, in a colour that fits the theme. */
export function panelIcon(extension: vscode.Uri): { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  const media = vscode.Uri.joinPath(extension, 'media');
  return {
    light: vscode.Uri.joinPath(media, 'file-light.svg'),
    dark: vscode.Uri.joinPath(media, 'file-dark.svg'),
  };
}

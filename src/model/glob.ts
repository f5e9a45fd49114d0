/** Whether a text matches a glob: `*`, `?`, `[abc]`, `[!abc]`. A text always matches itself. */
export function matchesGlob(glob: string, text: string): boolean {
  return glob === text || new RegExp(`^${globExpression(glob)}$`, 's').test(text);
}

/** A glob as the source of a regular expression, without anchors. */
export function globExpression(glob: string): string {
  return glob.replaceAll(/\[!?[^\]]+\]|./gs, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  });
}

import {Content, joined, type StyledText} from '../model/index.js';
import {renderContent} from './content.js';

/** What changes in a text file of the user's own machine: a unified diff under its path, or all lines of a new one. */
export function renderFileDiff(path: string, before: string | undefined, after: string): StyledText {
  const old = before === undefined ? undefined : Content.of(before);
  return joined(renderContent(path, path, old, Content.of(after)));
}

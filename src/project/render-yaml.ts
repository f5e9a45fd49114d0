import {Document, isMap, isScalar} from 'yaml';

/** A mapping of a YAML file, in the order of its keys. Values may be such mappings, lists, plain values and `Flow`s. */
export type Entries = ReadonlyMap<string, unknown>;

/** A mapping or a list on one line: `{address: 192.0.2.10}`. A null in it would not be seen. */
export class Flow {
  readonly value: Entries | readonly unknown[];

  constructor(value: Entries | readonly unknown[]) {
    this.value = value;
  }
}

/**
 * YAML with comments: `head` at the top, and one above each key of the first level that `comments` names, with an empty
 * line before it. Parsing it gives the values back, whatever they hold.
 */
export function renderYaml(entries: Entries, head: string, comments: Readonly<Record<string, string>> = {}): string {
  const document = new Document(null);
  document.commentBefore = commentOf(head);
  const contents = document.createNode(nodesOf(document, entries));
  document.contents = contents;
  for (const [index, {key}] of (isMap(contents) ? contents.items : []).entries()) {
    const comment = isScalar(key) ? comments[String(key.value)] : undefined;
    if (!isScalar(key) || comment === undefined) continue;
    key.commentBefore = commentOf(comment);
    key.spaceBefore = index > 0;
  }
  return document.toString({lineWidth: 0, nullStr: '', flowCollectionPadding: false});
}

/** The value with every `Flow` replaced by a node on one line. */
function nodesOf(document: Document, value: unknown): unknown {
  if (value instanceof Flow) return document.createNode(value.value, {flow: true});
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, nodesOf(document, each)]));
  return Array.isArray(value) ? value.map((each) => nodesOf(document, each)) : value;
}

const commentOf = (text: string) => text.replaceAll(/^(?=.)/gm, ' ').trimEnd();

import {visible} from '../../model/index.js';
import {describeCommon, type Link, type Topology, type Vertex} from './topology.js';

/**
 * The topology as a Mermaid flow chart, which GitHub and GitLab draw in Markdown. Texts of the user are made visible
 * and escaped.
 */
export function renderMermaid({title, vertices, links, everywhere}: Topology): string {
  const note = everywhere.map(describeCommon);
  return [
    'flowchart TB',
    `  accTitle: ${plain(title)}`,
    '  accDescr: Which hosts may connect to which, and on which ports.',
    ...vertices.map((vertex) => `  ${vertexLine(vertex)}`),
    ...(note.length > 0 ? [`  everywhere["${note.map(escapeMermaid).join('<br/>')}"]:::note`] : []),
    ...links.map((link) => `  ${linkLine(link)}`),
    '  classDef outside stroke-dasharray: 4 3',
    '  classDef address stroke-width: 2px',
    '  classDef note stroke-width: 0px',
    '',
  ].join('\n');
}

const SHAPES = {outside: ['(["', '"])'], address: ['{{"', '"}}'], hosts: ['["', '"]']} as const;

function vertexLine({id, kind, title, lines}: Vertex): string {
  const [open, close] = SHAPES[kind];
  const text = [
    `<b>${escapeMermaid(title)}</b>`,
    ...lines.map(({name, detail}) => escapeMermaid(`${name} ${detail}`.trim())),
  ].join('<br/>');
  return `${id}${open}${text}${close}${kind === 'hosts' ? '' : `:::${kind}`}`;
}

function linkLine({from, to, both, entries}: Link): string {
  const text = entries.map(({ports, because}) => escapeMermaid(`${ports}: ${because}`)).join('<br/>');
  const arrow = both ? '<-->' : '-->';
  return `${from} ${arrow}${text === '' ? '' : `|"${text}"|`} ${to}`;
}

/** Mermaid reads `#35;` as the number of a character. A quote would end the text; a backtick would make it Markdown. */
function escapeMermaid(text: string): string {
  return oneLine(text).replace(/[#"<>&`\\]/g, (sign) => `#${sign.charCodeAt(0)};`);
}

/** Text of a title, which a `#` or `;` would end. */
const plain = (text: string) => visible(text.replace(/[#;\s]+/g, ' '));

/** Text with line breaks replaced by blanks. */
const oneLine = (text: string) => visible(text.replace(/\s+/g, ' '));

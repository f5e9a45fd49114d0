import {note, warning} from '../../model/index.js';
import {sizeInWords} from '../../tasks/mysql/seed/spec.js';
import {ghostsOf, ghostWords} from '../ghosts/ghosts.js';
import type {Operation} from '../operation.js';
import {answering, follows} from '../site.js';
import type {Measured} from './measure.js';
import type {Seeding} from './seed-steps.js';

/** What the reader of a seed must know: above all what is lost. `old`: the data that is replaced; `copy`: the new one. */
export function seedNotes(
  {site, node, primary, donor}: Seeding,
  old: Measured,
  copy: Measured,
  run: string,
): Operation['notes'] {
  const {name} = node.host;
  const lost = old.databases.map((each) => `${each.name} (${sizeInWords(each.bytes)})`).join(', ');
  const kept =
    site.family === 'mysql'
      ? 'It is dropped as the copy begins.'
      : 'It is kept until the copy is proven, and then deleted.';
  const ghosts = node.report && ghostsOf(node.report, primary.report);
  const isOnlyAck = site.acks > 0 && answering(site).filter((each) => follows(each, primary)).length <= site.acks;
  return [
    lost === '' ? note(`${name} holds no database.`) : warning(`Everything on ${name} is replaced: ${lost}. ${kept}`),
    ...(ghosts === undefined
      ? [
          warning(
            `${name} does not answer: it is not known whether it has transactions that ${primary.host.name} lacks.`,
          ),
        ]
      : ghosts.count === 0
        ? []
        : [warning(`${ghostWords(name, ghosts, primary.host.name, run)}.`)]),
    note(
      `${donor.host.name} serves on. The copy takes ${sizeInWords(copy.size)} of the ${sizeInWords(old.free)} that are free.`,
    ),
    ...(isOnlyAck
      ? [warning(`Writes of ${primary.host.name} wait for ${name}: they stand still while it is replaced.`)]
      : []),
  ];
}

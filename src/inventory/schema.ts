import {z} from 'zod';
import {PLAIN_NAME} from '../model/index.js';
import {GROUP_KEYS} from './groups.js';
import {ALIASES, REFUSED, SETTINGS, type Setting} from './settings.js';

/**
 * JSON Schema (draft 7) of inventory files, for editors: what {@link loadInventory} accepts, as far as a schema can say
 * it. The settings come from `SETTINGS`, so that the two agree; any other variable may have any value. A file names it
 * in its first line: `# yaml-language-server: $schema=hosts.schema.json`.
 */
export function inventorySchema(): object {
  const outside = GROUP_KEYS.map((key) => [key, refusal(`"${key}" belongs to a group: put it under "all:"`)]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Inventory of infra',
    description: 'Servers and their groups, laid out as in Ansible. Every key at the top is a group.',
    type: 'object',
    minProperties: 1,
    properties: Object.fromEntries([...outside, ['all', groupRef]]),
    propertyNames: {pattern: PLAIN_NAME.source},
    additionalProperties: groupRef,
    definitions: {group: group(), hosts: hosts(), variables: variables()},
  };
}

const groupRef = {$ref: '#/definitions/group'};

function group() {
  const children = {
    description: 'Groups in this group: their hosts are its hosts too. A group is defined once, here or at the top.',
    type: MAPPING,
    propertyNames: {pattern: PLAIN_NAME.source},
    additionalProperties: groupRef,
  };
  return {
    description: 'A group of servers: its hosts, the groups in it, and variables of all of them.',
    type: MAPPING,
    properties: {
      hosts: {$ref: '#/definitions/hosts'},
      vars: variablesOf('Variables of all hosts of the group.'),
      children,
    },
    additionalProperties: false,
  };
}

/** An empty mapping is `null`. */
const MAPPING = ['object', 'null'];

function hosts() {
  return {
    description: 'Servers by name. A range means many: web[1:3], db[01:10], rack[a:c].',
    type: MAPPING,
    propertyNames: {pattern: HOST_NAME},
    additionalProperties: variablesOf('A server: how SSH reaches it, and variables of its own.'),
  };
}

const RANGE = String.raw`\[[A-Za-z0-9]*:[A-Za-z0-9]+(?::[1-9][0-9]*)?\]`;
const HOST_NAME = `^(?:[A-Za-z0-9_]|${RANGE})(?:[A-Za-z0-9_.-]|${RANGE})*$`;

/** In this draft a `$ref` must be alone in its object. */
const variablesOf = (description: string) => ({description, allOf: [{$ref: '#/definitions/variables'}]});

function variables() {
  const settings = [...ALIASES].map(([name, setting]) => [name, settingSchema(name, setting)]);
  const refused = [...REFUSED].map(([name, hint]) => [name, refusal(`${name} is not supported. ${hint}`)]);
  const properties = Object.fromEntries([...settings, ...refused, ...Object.entries(KNOWN_VARIABLES)]);
  return {type: MAPPING, properties, additionalProperties: true};
}

function settingSchema(name: string, setting: Setting): object {
  const {$schema: _, ...schema} = z.toJSONSchema(SETTINGS[setting], {target: 'draft-7', io: 'input'});
  if (!name.startsWith('ansible_')) return schema;
  const ours = [...ALIASES].find(([, each]) => each === setting)?.[0];
  return {...schema, description: `Ansible's name of "${ours}". ${schema.description ?? ''}`};
}

/** Variables without meaning for the inventory itself that roles of this package read. */
const KNOWN_VARIABLES = {
  private_address: {
    description: 'Where the other servers reach this one, if that is another address than the one SSH connects to.',
    type: 'string',
    minLength: 1,
  },
};

/** `errorMessage` and `doNotSuggest` are understood by the YAML language server, and ignored by others. */
const refusal = (errorMessage: string) => ({not: {}, errorMessage, doNotSuggest: true});

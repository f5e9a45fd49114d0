import {readFileSync} from 'node:fs';
import ejs from 'ejs';
import {findSecrets, type SecretPart} from '../model/index.js';
import type {Secret} from '../shell/index.js';
import {templateFault} from './fault.js';
import {findTemplate} from './find.js';
import {bareNames} from './names.js';
import {print} from './print.js';

/** What to render: a template's name as `findTemplate` takes it, and its variables. */
export interface TemplateRequest {
  readonly source: string;
  /** Absolute paths, first match wins. */
  readonly directories: readonly string[];
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /** Told of the template and of all that it includes. Absolute paths. */
  readonly opened?: ((file: string) => void) | undefined;
}

export interface Rendered {
  readonly text: string;
  /** Absolute path of the template. */
  readonly file: string;
  /** A secret was printed, here or in an included template. */
  readonly sensitive: boolean;
  /** Where they stand in the text; undefined when that is not certain. */
  readonly secretParts: readonly SecretPart[] | undefined;
}

/**
 * An EJS template's text. Variables are used by their name (`<%= host.name %>`) or through `vars`;
 * `include(name, more)` renders another template, looked up as this one was. `<%=` and `<%-` print alike, since nothing
 * here is HTML.
 *
 * Throws `InputError` with the template's line and an excerpt: on an unknown variable, on printing `undefined`, `null`,
 * an object or a secret joined to other text, and on whatever else the template throws.
 */
export function renderTemplate({source, directories, vars = {}, opened}: TemplateRequest): Rendered {
  const file = findTemplate(source, directories);
  const printed: (Secret | undefined)[] = [];
  const text = renderFile({file, directories, vars, opened, onSecret: (secret) => void printed.push(secret)});
  const secrets = printed.filter((secret) => secret !== undefined);
  const certain = secrets.length === printed.length;
  return {text, file, sensitive: printed.length > 0, secretParts: certain ? findSecrets(text, secrets) : undefined};
}

interface Job {
  readonly file: string;
  readonly directories: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  /** Without a secret: the template reveals some itself, and may print them changed. */
  readonly onSecret: (secret: Secret | undefined) => void;
  readonly opened: TemplateRequest['opened'];
}

function renderFile({file, directories, vars, onSecret, opened}: Job): string {
  opened?.(file);
  const text = readFileSync(file, 'utf8');
  if (/\breveal\b/.test(text)) onSecret(undefined);
  const include = (name: string, more: object = {}) =>
    renderFile({file: findTemplate(name, directories, file), directories, vars: {...vars, ...more}, onSecret, opened});
  const names = bareNames(vars, file);
  const options = {
    filename: file,
    strict: true,
    localsName: 'vars',
    destructuredLocals: [...names, 'include'],
    escape: (value: unknown) => print(value, onSecret),
  };
  try {
    return ejs.compile(text.replaceAll('<%-', '<%='), options)({...vars, include});
  } catch (error) {
    throw templateFault(error, {file, text}, names);
  }
}

import {Content, type Environment} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import {loadFile, renderTemplate} from '../../templates/index.js';

/** Where the content of a file comes from. */
export interface Source {
  readonly content?: string | Uint8Array | Secret | undefined;
  /** A file, or a template, that is looked up where templates are. */
  readonly source?: string | undefined;
  /** Used by name in the template. */
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /** True: nothing of the content is shown. */
  readonly sensitive?: boolean | undefined;
}

/** What is wrong with the options that say what a file holds, in words, or undefined. */
export function refuseSource({content, source}: Source): string | undefined {
  return (content === undefined) === (source === undefined) ? 'give the file either content or source' : undefined;
}

/** The content of a file as given, or of a local file. A secret is known for one. */
export function literalContent({content = '', source, sensitive}: Source, environment: Environment): Content {
  const hidden = sensitive === true;
  if (source !== undefined) return loadFile(source, environment, hidden);
  if (content instanceof Secret) return Content.of(content.reveal(), true);
  return Content.of(content, hidden);
}

/**
 * The content of a file that a template renders, or as given. Secrets that the template prints are known where they
 * stand.
 */
export function renderedContent(spec: Source, environment: Environment): Content {
  const {source, vars, sensitive: hidden} = spec;
  if (source === undefined) return literalContent(spec, environment);
  const {templateDirectories: directories, opened} = environment;
  const {text, sensitive, secretParts} = renderTemplate({source, vars, directories, opened});
  return Content.of(text, hidden === true || (sensitive && (secretParts ?? true)));
}

import type {Choices, ServerChoice, TlsChoice} from '../project/choices.js';
import type {Answers} from './answers.js';
import {QUESTIONS} from './questions.js';

/** Answers and servers with their roles as choices; what is not answered is as usual. */
export function compileChoices(answers: Answers, servers: readonly ServerChoice[]): Choices {
  const all = withUsual(answers, servers);
  return {
    servers,
    user: all.user ?? 'root',
    identityFile: all.identityFile === '' ? undefined : all.identityFile,
    virtualAddress: all.virtualAddress ?? [],
    domain: all.domain ?? '',
    tls: tlsOf(all),
    database: all.database ?? 'mariadb',
    content: all.content ?? {kind: 'page'},
    sshFrom: all.sshFrom ?? [],
  };
}

/** The answers, and the usual one to each question that has one and is not answered. */
function withUsual(answers: Answers, servers: readonly ServerChoice[]): Answers {
  const all: Answers = {...answers};
  for (const question of QUESTIONS) {
    const usual = question.usual({answers: all, servers});
    if (question.shown(all) !== undefined || usual === undefined) continue;
    const parsed = question.parse(usual, all);
    if (!('fault' in parsed)) Object.assign(all, parsed.value);
  }
  return all;
}

function tlsOf({tls = 'authority', certificate = '', key = '', email = '', directory}: Answers): TlsChoice {
  if (tls === 'files') return {kind: tls, certificate, key};
  return tls === 'acme' ? {kind: tls, email, ...(directory !== undefined && {directory})} : {kind: tls};
}

import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {parse} from 'yaml';
import type {Question, Task} from '../../src/model/index.js';
import * as tasks from '../../src/tasks/index.js';
import {caseTags} from './case-tags.js';

/** A question to a host with an answer as a real host gives it. */
export interface Sample {
  /** The case's directory and file. */
  readonly name: string;
  readonly task: Task;
  readonly question: Question;
  readonly stdout: string;
  readonly stderr: string;
}

interface CaseData {
  readonly spec: object;
  readonly reply?: {readonly stdout?: string; readonly stderr?: string};
  readonly refuse?: string;
}

const DIRECTORY = 'test/tasks/cases';

/** The answers of all cases of `test/tasks/cases` that have one. */
export function samples(): readonly Sample[] {
  const files = readdirSync(DIRECTORY, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.yaml'));
  return files.sort().flatMap((name) => {
    // The tests' own data.
    const {spec, reply, refuse} = parse(readFileSync(join(DIRECTORY, name), 'utf8'), {
      customTags: caseTags,
    }) as CaseData;
    if (refuse !== undefined || reply === undefined) return [];
    return sampleOf(name, construct(dirname(name), spec), reply.stdout, reply.stderr);
  });
}

/** A sample of any task. */
export function sampleOf(name: string, task: Task, stdout = '', stderr = ''): Sample {
  const question = task.open({templateDirectories: [resolve('test/tasks/templates')]});
  return {name, task, question, stdout, stderr};
}

function construct(type: string, spec: object): Task {
  const found = Object.entries(tasks).find(([name]) => name === type)?.[1];
  if (typeof found !== 'function') throw new Error(`src/tasks/index.ts exports no task ${type}`);
  // Which spec a constructor takes is for the case file to get right.
  return (found as unknown as (spec: object) => Task)(spec);
}

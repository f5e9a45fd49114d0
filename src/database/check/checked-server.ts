import {HostError} from '../../model/index.js';
import type {OperationHosts} from '../operation.js';
import type {CheckedServer} from './sides.js';

/** Seconds for one command of a comparison: a window is ended by its host before that. */
const WITHIN = 900;

/** A server that is asked over the connections of an operation. */
export function checkedServer(name: string, hosts: OperationHosts): CheckedServer {
  return {
    name,
    ask: async (command) => {
      try {
        return {code: 0, stdout: await hosts.ask(name, command, {seconds: WITHIN}), stderr: '', truncated: false};
      } catch (error) {
        if (!(error instanceof HostError) || error.failure.reason !== 'command-failed') throw error;
        const {exitCode = 1, output = ''} = error.failure;
        return {code: exitCode, stdout: '', stderr: output, truncated: false};
      }
    },
  };
}

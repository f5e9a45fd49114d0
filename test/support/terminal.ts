import {spawn} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {stripVTControlCharacters} from 'node:util';

/** A program at a terminal of 80 columns and 24 rows, driven by keys. */
export interface Terminal {
  /** Waits until this is shown, below all that was waited for before. Rejects with the screen when it never is. */
  sees(pattern: RegExp): Promise<string>;
  /** Presses keys: text, and {@link KEYS}. */
  press(...keys: readonly string[]): void;
  /** All that was shown, without colours and other orders to the terminal. */
  shown(): string;
  /** The same as it came. */
  raw(): string;
  /** The exit code, when the program has ended. */
  readonly ended: Promise<number | null>;
}

export const KEYS = {enter: '\r', up: '\u001b[A', down: '\u001b[B', space: ' ', ctrlC: '\u0003', clear: '\u0015'};

/** Tries of 50 ms until a pattern is given up: two minutes, for machines that are busy with other tests. */
const TRIES = 2400;

/** Runs shell words at a pseudo-terminal, which `script` of util-linux makes. `env` replaces the whole environment. */
export function openTerminal(command: string, cwd: string, env: NodeJS.ProcessEnv): Terminal {
  const line = `stty cols 80 rows 24; exec ${command}`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {cwd, env});
  let text = '';
  let from = 0;
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const shown = () => stripVTControlCharacters(text).replaceAll('\r\n', '\n');
  const sees = async (pattern: RegExp) => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = pattern.exec(shown().slice(from));
      if (found) {
        from += found.index + found[0].length;
        return found[0];
      }
      if (child.exitCode !== null) break;
      await sleep(50);
    }
    child.kill();
    throw new Error(`never shown: ${pattern}\n${shown().slice(from)}`);
  };
  return {sees, shown, ended, raw: () => text, press: (...keys) => void child.stdin.write(keys.join(''))};
}

import type {AptSettings} from './machine/apt-settings.js';
import type {LabPaths} from './paths.js';

/** What every lab command works with: its directories, this machine's way to packages, and who hears of progress. */
export type Lab = {
  readonly paths: LabPaths;
  readonly settings: AptSettings;
  readonly report: (line: string) => void;
};

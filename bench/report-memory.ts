import {writeFileSync} from 'node:fs';

// Preloaded into the process that is measured.
process.on('exit', () => {
  const {BENCH_PEAK_FILE: file} = process.env;
  if (file) writeFileSync(file, String(process.resourceUsage().maxRSS));
});

import type {Concern, Sighted} from '../concern.js';

/** Seconds that clocks may be apart: lines of two servers' logs are still told to belong together. */
const APART = 30;

/**
 * Clocks that differ from the time that most of the servers and this machine agree upon; where they are of two minds,
 * this machine is right.
 */
export function clockConcerns(all: readonly Pick<Sighted, 'server' | 'survey'>[]): readonly Concern[] {
  const skews = [0, ...all.map(({survey}) => survey.clockSkew)];
  const right = mostAgreed(skews);
  const wrong = all.filter(({survey}) => Math.abs(survey.clockSkew - right) > APART);
  const isMineWrong = Math.abs(right) > APART;
  const others = isMineWrong ? 'those of the other servers' : "this machine's";
  return [
    ...wrong.map(({server: {name}, survey}) => ({
      server: name,
      message: `the clock of ${name} is ${distance(survey.clockSkew - right)} ${others}`,
      hint: `On ${name}: sudo apt-get install systemd-timesyncd && sudo timedatectl set-ntp true`,
    })),
    ...(isMineWrong ? [mine(right)] : []),
  ];
}

/** The first of those with which most others agree. */
function mostAgreed(skews: readonly number[]): number {
  const agreeing = (skew: number) => skews.filter((other) => Math.abs(other - skew) <= APART).length;
  return skews.reduce((best, skew) => (agreeing(skew) > agreeing(best) ? skew : best), 0);
}

function mine(right: number): Concern {
  return {
    message: `the clock of this machine is ${distance(-right)} those of the servers`,
    hint: 'Set it right, or have it follow the time of the network: certificates are dated by it',
  };
}

/** `5 minutes ahead of`; two units down, nobody needs it finer. */
function distance(seconds: number): string {
  const amount = Math.abs(seconds);
  const [size, unit] = UNITS.find(([size]) => amount >= 2 * size) ?? [1, 'seconds'];
  return `${Math.round(amount / size)} ${unit} ${seconds < 0 ? 'behind' : 'ahead of'}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
];

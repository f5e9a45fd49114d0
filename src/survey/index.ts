export type {HostKey, ScanHostKeys, Transport} from '../transport/index.js';
export {concernsOf} from './concerns/index.js';
export {type KeyStanding, standingOf, trustHostKeys} from './known-keys.js';
export {type LoginKey, loginKeys} from './login-keys.js';
export {type Survey, type SurveyOptions, survey} from './survey.js';

import {wishedOwnership} from '../shared/ownership.js';
import {plainNames} from './names.js';
import type {CertificateSpec, CertificateState} from './spec.js';
import {ANY, BELONGS, describe, nameOf, wishOf} from './state.js';

/** Days that a new certificate is valid (Mozilla's guideline 6.0). */
const DAYS = 90;

/** What a certificate shall be like. Its end is wished only where that of the present one is near. */
export function wishFor(spec: CertificateSpec, present: Partial<CertificateState> | null): Partial<CertificateState> {
  return {
    ...certificateWish(spec, present?.expires),
    key: BELONGS,
    ...wishedOwnership(wishOf(spec)),
    ...(spec.key !== undefined && {'certificate file': '0644 root'}),
  };
}

/** The attributes that are put right without a new certificate. */
export const RIGHTS: readonly string[] = ['mode', 'owner', 'group', 'certificate file'];

function certificateWish({from, names, usage = 'server', days = DAYS, placeholder}: CertificateSpec, expires?: string) {
  if (placeholder) return {certificate: ANY};
  if (!('issue' in from)) return {certificate: describe(from.certificate)};
  const isDue = expires === undefined || /\(/.test(expires);
  return {
    issuer: nameOf(from),
    names: plainNames(names),
    usage,
    ...(isDue && {expires: `${days} days after it is issued`}),
  };
}

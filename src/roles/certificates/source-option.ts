import {z} from 'zod';
import type {CertificateSource} from './index.js';

/** Where a role's certificate comes from: an authority, `{certificate, key}`, or ACME. */
export const certificateSource = z.custom<CertificateSource>((value) => typeof value === 'object' && value !== null, {
  error: 'must be an authority, or {certificate, key}',
});

import {createHash} from 'node:crypto';

/** SHA-256 in hexadecimal. */
export const sha256 = (of: string | Buffer): string => createHash('sha256').update(of).digest('hex');

/** SHA-256 of several texts in their order, in hexadecimal: where one text ends and the next begins counts too. */
export const sha256OfAll = (texts: readonly string[]): string => sha256(JSON.stringify(texts));

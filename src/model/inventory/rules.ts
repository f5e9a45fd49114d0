import {isIP} from 'node:net';

/** The name of a host or a group of the inventory. Configuration files and file names can carry it as it is. */
export const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** A user that SSH can log in as: nothing that `ssh` would read as an option, or `scp` as a host. */
export const LOGIN_USER = /^[^\s\-:][^\s:]*$/;

/** The highest port of TCP and UDP; the lowest that can be connected to is 1. */
export const MAX_PORT = 65_535;

/** Whether a number is a port of TCP or UDP. */
export function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= MAX_PORT;
}

/**
 * A host name: labels of letters, digits and hyphens, 63 characters each and 253 in all (RFC 1123, section 2.1). What has
 * only digits and dots is meant as an IPv4 address and is not one.
 */
export function isHostName(text: string): boolean {
  return text.length <= 253 && LABELS.test(text) && !/^[\d.]+$/.test(text);
}

const LABELS = /^(?!-)[a-z\d-]{1,63}(?<!-)(\.(?!-)[a-z\d-]{1,63}(?<!-))*$/i;

/** The address of one server: an IP address or a host name. */
export function isServerAddress(text: string): boolean {
  return isIP(text) !== 0 || isHostName(text);
}

/** A mail address as the authorities of certificates take it. */
export function isMailAddress(text: string): boolean {
  return /^[\w.+-]+@[\w.-]+$/.test(text);
}

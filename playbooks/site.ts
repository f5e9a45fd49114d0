import {playbook} from 'infra';
import {stack} from './stack.js';

/*
 * A website: web servers behind load balancers, and a database with a replica, each server protected.
 *
 * See what would happen with "infra plan", make it so with "infra apply", and do both again whenever something
 * changes. stack.ts says who gets what.
 */
export default playbook('site', stack);

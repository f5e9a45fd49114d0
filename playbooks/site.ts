import {playbook} from 'infra';
import {stack, Variables} from './stack.js';

/*
 * A website: web servers behind load balancers, and a database with a replica, each server protected.
 *
 * "infra plan" shows what would change, "infra apply" changes it; run both again after every edit. stack.ts says which
 * servers get which roles.
 */
export default playbook('site', {vars: Variables}, stack);

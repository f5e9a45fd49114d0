import {z} from 'zod';
import {defineTask, Unknown, UnreadableReply} from '../../model/index.js';
import {sh} from '../../shell/index.js';

/** The Unix user that reads the files, and one of its groups. */
interface ReaderSpec {
  readonly user: string;
  readonly group: string;
}

/**
 * Checks that the user exists and is in the group; it changes nothing. Until both are so the answer is known only after
 * apply, since an earlier task of the run may make the user; an apply that comes here without it fails and says so.
 */
export const reader = defineTask<ReaderSpec, {readonly reads: boolean}>({
  type: 'databaseReader',
  options: z.strictObject({user: z.string(), group: z.string()}),
  id: ({user}) => user,
  probe: ({user}) => sh`id -Gn ${user}`,
  parse: ({code, stdout, stderr}, {user, group}) => {
    if (code !== 0) {
      if (!/no such user/.test(stderr)) throw new UnreadableReply(`id answered: ${stderr}${stdout}`.trim());
      return new Unknown(`there is no user ${user}; make it before databaseClient: user({name: '${user}'})`);
    }
    if (stdout.trim().split(' ').includes(group)) return {reads: true};
    return new Unknown(`the user ${user} is not in the group ${group}; name one of its groups: ${stdout.trim()}`);
  },
  desire: () => ({reads: true}),
  change: () => [],
  affects: () => [],
});

import test from 'ava';
import {mountsUnder} from '../../../src/lab/machine/delete.js';

const mountinfo = `22 1 8:1 / / rw - ext4 /dev/vda rw
30 22 0:5 / /lab/web rw - overlay overlay rw
31 30 0:6 / /lab/web/a\\040b rw - tmpfs tmpfs rw
32 22 0:7 / /lab/web2 rw - tmpfs tmpfs rw
`;

test('mounts at or below a directory are found deepest first, those of a neighbour are not', (t) => {
  t.deepEqual(mountsUnder(mountinfo, '/lab/web'), ['/lab/web/a b', '/lab/web']);
  t.deepEqual(mountsUnder(mountinfo, '/lab/we'), []);
});

import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {createServer, connect as dial, type Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import type {ServerChannel} from 'ssh2';
import {HostError} from '../../../src/model/index.js';
import {type Command, raw, sh} from '../../../src/shell/index.js';
import {ssh2Transport} from '../../../src/transport/ssh2/index.js';
import {watchLife} from '../../../src/transport/ssh2/socket-life.js';
import {type OnExec, really, sshServer} from './ssh-server.js';

const {connect} = ssh2Transport({});

async function failureOf(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    if (error instanceof HostError) return error.failure;
    throw error;
  }
  return undefined;
}

/** Greets as the remote loop does, and answers the first script with `then`. */
const greeting =
  (then: (channel: ServerChannel) => void): OnExec =>
  (accept) => {
    const channel = accept();
    channel.on('error', () => {});
    channel.once('data', (chunk: Buffer) => {
      const hello = `\n${chunk.toString().trim()} ready /run/x /run/y\n`;
      channel.once('data', () => then(channel));
      channel.write(hello);
      channel.stderr.write(hello);
    });
  };

/** A port of a stopped process whose queue of connections is full: the kernel drops further ones in silence. */
async function deafPort(t: ExecutionContext): Promise<number> {
  const listens =
    "const s = require('node:net').createServer(); s.listen({port: 0, host: '127.0.0.1', backlog: 1}, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', listens], {stdio: ['ignore', 'pipe', 'inherit']});
  const [line] = await once(child.stdout, 'data');
  const port = Number(String(line));
  child.kill('SIGSTOP');
  const fillers = Array.from({length: 4}, () => dial(port, '127.0.0.1').on('error', () => {}));
  t.teardown(() => {
    child.kill('SIGKILL');
    for (const each of fillers) each.destroy();
  });
  await Promise.all(fillers.slice(0, 2).map((each) => once(each, 'connect')));
  return port;
}

const probe = (command: Command) => ({command, required: false, mode: 'probe' as const});

test('a server that accepts the login and does nothing is given up, and the message says how far it got', async (t) => {
  const silent: readonly OnExec[] = [
    () => {},
    (accept) => void accept(),
    (accept) => void accept().write('Welcome!\n'),
  ];
  const failures = silent.map(async (onExec) => failureOf(connect(await sshServer(t, onExec), {seconds: 8})));
  for (const failure of await Promise.all(failures)) {
    t.is(failure?.reason, 'timed-out');
    t.regex(failure?.message ?? '', /could log in, but no shell has answered within 8 seconds/);
  }
});

test('a server that sends output without end before it answers is given up', async (t) => {
  const flood: OnExec = (accept) => {
    const channel = accept();
    channel.on('error', () => {});
    const line = Buffer.alloc(32_768, 'x');
    const pour = () => {
      while (channel.writable && channel.write(line));
    };
    channel.on('drain', pour);
    pour();
  };
  const failure = await failureOf(connect(await sshServer(t, flood), {seconds: 20}));
  t.is(failure?.reason, 'protocol-broken');
});

test('an answer out of turn breaks the connection of that server and no other', async (t) => {
  const lies = ['0. 0\n0. 0\n', '7:x\n', '=\n', '~\n~\n=\n=\n', 'x'.repeat(100), '0:\u001b[2Jx\n0. 999\n', '\n\n\n'];
  for (const lie of lies) {
    const host = await sshServer(
      t,
      greeting((channel) => channel.write(lie)),
    );
    const failure = await failureOf(connect(host).then((it) => it.run([probe(raw('true'))], {silence: 1})));
    t.true(['protocol-broken', 'timed-out'].includes(failure?.reason ?? ''), lie);
  }
});

test('a host that sends a little now and then, and never a whole answer, is given up', async (t) => {
  const drip: OnExec = greeting((channel) => {
    channel.write('0:');
    const timer = setInterval(() => channel.write('x'), 200);
    channel.on('close', () => clearInterval(timer));
  });
  const dripping = await connect(await sshServer(t, drip));
  const failure = await failureOf(dripping.run([probe(raw('true'))], {silence: 3, within: 4}));
  t.like(failure, {reason: 'timed-out', message: 'no whole answer within 4 seconds'});
  const silent = await connect(
    await sshServer(
      t,
      greeting(() => {}),
    ),
  );
  t.is((await failureOf(silent.keep(raw('true'), {within: 4})))?.reason, 'timed-out');
});

test('a host that ends a script without an answer breaks its connection', async (t) => {
  const ending = greeting((channel) => {
    channel.write('=\n');
    channel.stderr.write('=\n');
  });
  const connection = await connect(await sshServer(t, ending));
  t.is((await failureOf(connection.keep(raw('true'))))?.reason, 'protocol-broken');
});

test('a line without an end costs neither time nor memory beyond what is kept of it', async (t) => {
  const chunk = Buffer.alloc(32_768, 'x');
  const host = await sshServer(
    t,
    greeting((channel) => {
      let left = 32 * 1024 * 1024;
      channel.write('0:');
      const pour = () => {
        while (left > 0 && channel.write(chunk)) left -= chunk.length;
        if (left <= 0) channel.end();
      };
      channel.on('drain', pour);
      pour();
    }),
  );
  // What this thread holds: other tests run in the same process.
  const held = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const before = held();
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, held() - before);
  }, 20);
  const connection = await connect(host);
  const failure = await failureOf(connection.run([probe(raw('true'))]));
  clearInterval(watch);
  t.is(failure?.reason, 'connection-lost');
  t.true(most < 150 * 1024 * 1024, `${most} bytes`);
});

test('an answer goes over real SSH, with files of any size', async (t) => {
  const connection = await connect(await sshServer(t, really()));
  const bytes = randomBytes(5_000_000);
  const upload = {sha256: 'a'.repeat(64), size: bytes.length, read: () => [bytes]};
  const [reply] = await connection.run([{command: sh`wc -c <${{upload}}`, required: true}]);
  t.is(reply?.stdout.trim(), '5000000');
  await connection.close();
});

test('a large upload waits for the host, and takes no memory in the meantime', async (t) => {
  const connection = await connect(await sshServer(t, really()));
  const piece = Buffer.alloc(64 * 1024, 7);
  let [given, most] = [0, 0];
  const read = async function* () {
    for (let index = 0; index < 1600; index++) {
      given += piece.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      yield piece;
    }
  };
  const before = process.memoryUsage().arrayBuffers;
  const upload = {sha256: 'b'.repeat(64), size: 1600 * piece.length, read};
  const [reply] = await connection.run([{command: sh`wc -c <${{upload}}`, required: true}]);
  t.is(Number(reply?.stdout), given);
  // Of 100 MiB. Two ends of SSH are in this process, each with its buffers, and nobody says when garbage is collected.
  t.true(most - before < 84 * 1024 * 1024, `${most - before}`);
  await connection.close();
});

/** Passes bytes on towards a port, `rate` a second. */
async function slowWay(t: ExecutionContext, port: number, perSecond: number): Promise<number> {
  const open: Socket[] = [];
  const server = createServer((from) => {
    const to = dial(port, '127.0.0.1');
    open.push(from, to);
    for (const socket of [from, to]) socket.on('error', () => {});
    from.on('close', () => to.destroy());
    to.on('close', () => from.destroy());
    to.pipe(from);
    throttle(from, to, perSecond);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function throttle(from: Socket, to: Socket, perSecond: number): void {
  from.on('data', (chunk: Buffer) => {
    from.pause();
    setTimeout(
      () => {
        to.write(chunk);
        from.resume();
      },
      (chunk.length / perSecond) * 1000,
    );
  });
}

test('over a slow link an upload takes its time, and the records become small', async (t) => {
  const host = await sshServer(t, really());
  const port = await slowWay(t, host.port, 200_000);
  const {readFileSync, writeFileSync} = await import('node:fs');
  const [file = ''] = host.knownHostsFiles;
  writeFileSync(file, readFileSync(file, 'utf8').replace(`:${host.port} `, `:${port} `));
  const connection = await connect({...host, port});
  const bytes = randomBytes(1_500_000);
  const upload = {sha256: 'c'.repeat(64), size: bytes.length, read: () => [bytes]};
  // Less silence is allowed than the whole upload takes: what moves is alive.
  const [reply] = await connection.run([{command: sh`wc -c <${{upload}}`, required: true}], {silence: 3});
  t.is(reply?.stdout.trim(), '1500000');
  await connection.close();
});

test('many connections at once take turns, and the clock of each starts with its turn', async (t) => {
  let [open, most] = [0, 0];
  const slowly: OnExec = (accept, command) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      really()(accept, command);
    }, 300);
  };
  const host = await sshServer(t, slowly);
  const all = await Promise.all(Array.from({length: 70}, () => connect(host, {seconds: 120})));
  t.true(most <= 32);
  await Promise.all(all.map((each) => each.close()));
});

test('a server that ends each attempt late is given up in time', async (t) => {
  let attempts = 0;
  const server = createServer((socket) => {
    attempts += 1;
    socket.on('error', () => {});
    setTimeout(() => socket.resetAndDestroy(), 1500);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const host = {...(await sshServer(t, () => {})), port};
  t.is((await failureOf(connect(host, {seconds: 2})))?.reason, 'unreachable');
  t.true(attempts <= 2);
});

test('a host that does not answer the first packet is given up early, and one that is slow afterwards is not', async (t) => {
  const host = await sshServer(t, (accept, command) => void setTimeout(() => really()(accept, command), 400));
  const port = await deafPort(t);
  const failure = await failureOf(connect({...host, port}, {seconds: 600, dialSeconds: 0.2}));
  t.like(failure, {reason: 'unreachable', message: `127.0.0.1 port ${port} does not answer`});
  const connection = await ssh2Transport({}, {dialSeconds: 0.2}).connect(host);
  await connection.close();
});

test('a host that does not read what it asks for is given up before that fills memory', async (t) => {
  const server = createServer((socket) => socket.pause());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const socket = dial(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  watchLife(socket);
  for (let mebibyte = 0; mebibyte < 30; mebibyte++) socket.write(Buffer.alloc(1024 * 1024));
  await once(socket, 'close');
  t.pass();
});

test('an aborted attempt ends at once, wherever it is', async (t) => {
  for (const onExec of [() => {}, (accept: () => ServerChannel) => void accept()]) {
    const host = await sshServer(t, onExec);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('called off')), 300);
    await t.throwsAsync(connect(host, {signal: stop.signal}), {message: 'called off'});
  }
});

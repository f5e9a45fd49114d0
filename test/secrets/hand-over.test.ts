import {Decrypter, Encrypter, generateX25519Identity, identityToRecipient} from 'age-encryption';
import test from 'ava';
import {handOver, oneTimeIdentity} from '../../src/secrets/hand-over.js';

async function encrypted(clear: string) {
  const identities = [await generateX25519Identity(), await generateX25519Identity()] as const;
  const encrypter = new Encrypter();
  for (const each of identities) encrypter.addRecipient(await identityToRecipient(each));
  const file = Buffer.from(await encrypter.encrypt(clear));
  const size = file.indexOf('\n', file.indexOf('\n--- ') + 1) + 1;
  return {identities, header: file.subarray(0, size).toString('latin1'), file};
}

async function open(file: Uint8Array, identity: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file, 'text');
}

test('a file that is handed over opens with the one-time identity', async (t) => {
  const {identities, header, file} = await encrypted('rows '.repeat(30_000));
  const one = await oneTimeIdentity();
  for (const own of identities) {
    const handed = await handOver(header, [own], one.recipient);
    if (typeof handed === 'string') throw new Error(handed);
    const whole = Buffer.concat([Buffer.from(handed.header), file.subarray(handed.oldSize)]);
    t.is(await open(whole, one.identity), 'rows '.repeat(30_000));
    await t.throwsAsync(open(whole, own), undefined, 'it is for the new identity alone');
  }
});

test('the one-time identity opens no other file', async (t) => {
  const [first, second] = [await encrypted('one'), await encrypted('two')];
  const one = await oneTimeIdentity();
  const handed = await handOver(first.header, [first.identities[0]], one.recipient);
  if (typeof handed === 'string') throw new Error(handed);
  const mixed = Buffer.concat([Buffer.from(handed.header), second.file.subarray(second.header.length)]);
  await t.throwsAsync(open(mixed, one.identity));
});

test('a file for others, and a header that was changed, are told apart', async (t) => {
  const {identities, header} = await encrypted('rows');
  const {recipient} = await oneTimeIdentity();
  t.is(await handOver(header, [await generateX25519Identity()], recipient), 'not-for-us');
  t.is(await handOver(header.replace(/--- ..../, '--- AAAA'), [identities[0]], recipient), 'damaged');
});

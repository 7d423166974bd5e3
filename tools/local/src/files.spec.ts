import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessTokenVerifier } from '@emporium/auth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessTokensOf } from './access-tokens.ts';
import { openDataFolder } from './data-folder.ts';
import { fingerprintOf } from './fingerprint.ts';
import { keysIn } from './keys.ts';
import { lastLines, trimLog } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the data folder', () => {
  it('is made with all that is above it', () => {
    const { path, keys } = openDataFolder(join(folder, 'a/b'));

    expect(statSync(path).isDirectory()).toBe(true);
    expect(keys).toBe(join(path, 'keys.json'));
  });

  it('has a fallback of its own outside the clone', () => {
    const fallbacks = ['a', 'b', 'a'].map((name) => openDataFolder(join(folder, name)).postgresFallback);

    expect(fallbacks[0]).toMatch(/^\/var\/tmp\/emporium-[0-9a-f]{12}$/);
    expect(fallbacks[1]).not.toBe(fallbacks[0]);
    expect(fallbacks[2]).toBe(fallbacks[0]);
  });

  it('that is a file is refused with one message', () => {
    writeFileSync(join(folder, 'file'), '');

    expect(() => openDataFolder(join(folder, 'file'))).toThrow(/The data folder .*file cannot be used.*EMPORIUM_DATA_DIR/);
  });
});

describe('access tokens', () => {
  it('are signed with the key of the user service', async () => {
    const file = join(folder, 'keys.json');
    keysIn(file);
    const { signer, issuer, audience } = accessTokensOf(file);
    const claims = { sub: randomUUID(), role: 'customer', sid: randomUUID() } as const;
    const verifier = createAccessTokenVerifier({ keys: () => signer.jwks(), issuer, audience });

    const token = await signer.sign(claims);

    expect(await verifier.verify(token)).toMatchObject(claims);
  });
});

describe('the keys', () => {
  it('are made once and readable by their owner alone', () => {
    const file = join(folder, 'keys.json');
    const keys = keysIn(file);

    expect(keysIn(file)).toEqual(keys);
    expect(Object.keys(keys.serviceKeys)).toEqual(['gateway', 'user', 'product', 'order', 'payment']);
    expect(JSON.parse(keys.servicePublicKeys).keys).toHaveLength(5);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it.each(['{', '{"accessKey":"x"}'])('that are broken (%s) are not replaced behind the back of their owner', (text) => {
    const file = join(folder, 'keys.json');
    writeFileSync(file, text);

    expect(() => keysIn(file)).toThrow(/The keys in .*keys.json cannot be used: .*Remove the file/);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

describe('a fingerprint', () => {
  const patterns = ['migrations/**', 'more/*.js'];

  it('changes with the content, the name and the values, and with nothing else', () => {
    mkdirSync(join(folder, 'migrations'));
    writeFileSync(join(folder, 'migrations/1.sql'), 'one');
    const first = fingerprintOf(folder, patterns, 'value');

    writeFileSync(join(folder, 'other.txt'), 'other');
    expect(fingerprintOf(folder, patterns, 'value')).toBe(first);
    expect(fingerprintOf(folder, patterns, 'another')).not.toBe(first);
    writeFileSync(join(folder, 'migrations/1.sql'), 'two');
    const second = fingerprintOf(folder, patterns, 'value');
    expect(second).not.toBe(first);
    rmSync(join(folder, 'migrations/1.sql'));
    writeFileSync(join(folder, 'migrations/2.sql'), 'two');
    expect(fingerprintOf(folder, patterns, 'value')).not.toBe(second);
  });
});

describe('a log', () => {
  it('shows its last lines, and none when it is not there', () => {
    const file = join(folder, 'a.log');
    writeFileSync(file, `${'x'.repeat(20_000)}\none\n\ntwo\n`);

    expect(lastLines(file, 2)).toEqual(['one', 'two']);
    expect(lastLines(join(folder, 'none.log'), 2)).toEqual([]);
  });

  it('that grew too large is moved aside and emptied', () => {
    const file = join(folder, 'a.log');
    appendFileSync(file, 'much');

    trimLog(file, 4);
    expect(readFileSync(file, 'utf8')).toBe('much');
    trimLog(file, 3);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('much');
    trimLog(join(folder, 'none.log'), 3);
  });

  it('that cannot be read is an error', () => {
    expect(() => lastLines(folder, 1)).toThrow();
    expect(() => trimLog(join(folder, 'a\0b'), 1)).toThrow();
  });
});

import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { generateAccessKey, generateServiceKeys } from '@emporium/auth';
import { codeOf, messageOf, StartError } from './errors.ts';
import { SERVICES } from './ports-of-platform.ts';

/** The secrets of one data folder, made once. */
export interface Keys {
  /** ES256: signs the users' access tokens. */
  readonly accessKey: string;
  /** Ed25519 private keys as JWK text: each service signs its calls with its own. */
  readonly serviceKeys: Readonly<Record<string, string>>;
  /** The public halves as JWKS text, key id = service. */
  readonly servicePublicKeys: string;
  /** Of the database roles. */
  readonly rolePassword: string;
}

/** Reads the keys, or makes them at the first start. */
export function keysIn(file: string): Keys {
  try {
    const keys = JSON.parse(readFileSync(file, 'utf8')) as Partial<Keys>;
    const missing = Object.keys(emptyKeys).filter((name) => !(name in keys));
    if (missing.length === 0) return keys as Keys;
    throw new Error(`it lacks ${missing.join(', ')}`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw new StartError(`The keys in ${file} cannot be used: ${messageOf(error)}. Remove the file to have new ones made.`);
    }
  }
  const keys = makeKeys();
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
  return keys;
}

const emptyKeys: Record<keyof Keys, true> = { accessKey: true, serviceKeys: true, servicePublicKeys: true, rolePassword: true };

function makeKeys(): Keys {
  const { privateKeys, publicKeys } = generateServiceKeys(SERVICES);
  return {
    accessKey: generateAccessKey(),
    serviceKeys: privateKeys,
    servicePublicKeys: publicKeys,
    rolePassword: randomBytes(24).toString('base64url'),
  };
}

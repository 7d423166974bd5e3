import { describe, expect, it } from 'vitest';
import { checkedTarget } from './target.ts';

describe('the target of a load test', () => {
  it.each(['http://localhost:8080', 'http://127.0.0.1:8080', 'http://127.9.9.9', 'http://[::1]:8080', 'https://localhost'])(
    'may be %s, which is this machine',
    (address) => {
      expect(checkedTarget(address, false)).toBe(new URL(address).origin);
    },
  );

  it.each([
    'http://shop.example',
    'http://192.168.1.10:8080',
    'http://10.0.0.1',
    'http://0.0.0.0:8080',
    'http://127.0.0.1.shop.example',
    'http://localhost.shop.example',
    'http://[2001:db8::1]',
    'http://[::ffff:10.0.0.1]',
  ])('may be %s only if somebody says so', (address) => {
    expect(() => checkedTarget(address, false)).toThrow('--allow-remote');
    expect(checkedTarget(address, true)).toBe(new URL(address).origin);
  });

  it.each([
    'shop',
    'ftp://localhost',
    'http://me@localhost',
    'http://localhost/v1',
    'http://localhost/?a=b',
    'file:///etc/passwd',
  ])('is no such thing as %s', (address) => {
    expect(() => checkedTarget(address, true)).toThrow('--target takes');
  });

  it('is not this machine because the number 127.0.0.1 stands in it somewhere', () => {
    expect(() => checkedTarget('http://127.0.0.1@shop.example', false)).toThrow();
  });

  it('is read as browsers read it: 2130706433 and 0x7f.1 are 127.0.0.1', () => {
    expect(checkedTarget('http://2130706433:8080', false)).toBe('http://127.0.0.1:8080');
    expect(checkedTarget('http://0x7f.1:8080', false)).toBe('http://127.0.0.1:8080');
  });
});

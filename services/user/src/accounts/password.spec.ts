import { describe, expect, it } from 'vitest';
import { refusalOf } from './password.ts';

const rule = { minLength: 15, maxLength: 128 };
const person = { email: 'grace.hopper@navy.test', name: 'Grace Hopper' };
const judge = (password: string) => refusalOf(password, person, rule);

describe('the rule for new passwords', () => {
  it.each([
    'tea kettle on a red bicycle',
    'emporium-admin-development',
    'emporium-customer-development',
    'TestPassword123!',
    '749205816395027',
    'zażółć gęślą jaźń',
  ])('accepts %j', (password) => {
    expect(judge(password)).toBeUndefined();
  });

  it.each([
    'passwordpassword',
    'Password-Password-1',
    'password1234567',
    '123456789012345',
    '987654321098765',
    'qwertyuiopasdfgh',
    'aaaaaaaaaaaaaaaa',
    'abc1abc1abc1abc1',
    'letmein-letmein-letmein',
    'Emporium 1234567890',
    '1qaz2wsx3edc4rfv',
    '!!!!!!!!!!!!!!!!',
  ])('refuses %j as too easy to guess', (password) => {
    expect(judge(password)).toMatch('too easy to guess');
  });

  it('refuses the e-mail address and the name of the person', () => {
    expect(judge('grace.hopper@navy.test')).toMatch('too easy to guess');
    expect(judge('GraceHopper 12345')).toMatch('too easy to guess');
    expect(refusalOf('grace.hopper@navy.test', { email: 'ada@navy.test', name: 'Ada' }, rule)).toBeUndefined();
  });

  it('counts characters as people do, from 15 to 128', () => {
    expect(judge('x7!kq2vn9zr4tm')).toBe('must have at least 15 characters');
    expect(judge('x7!kq2vn9zr4tmw')).toBeUndefined();
    expect(judge('🦉🐝🌲⛵🎻🧭🪁🦔🍁🔭🧶🪕🦦🌋')).toBe('must have at least 15 characters');
    expect(judge('🦉🐝🌲⛵🎻🧭🪁🦔🍁🔭🧶🪕🦦🌋🛶')).toBeUndefined();
    expect(judge('tea kettle '.repeat(12))).toBe('must have at most 128 characters');
  });

  it('judges what two keyboards write differently as one password', () => {
    expect(judge('ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ')).toMatch('too easy to guess');
    expect(judge('cafe\u0301 kx7 vq2')).toBe('must have at least 15 characters');
  });
});

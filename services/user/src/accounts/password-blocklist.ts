/**
 * What the most used passwords of published breaches are built from. Such lists hold few passwords of 15 characters; the long ones are
 * these strung together, so a password made of little else is as guessable as each of them.
 */
export const commonParts: readonly string[] = [
  ...['password', 'passw0rd', 'p@ssword', 'p@ssw0rd', 'passwort', 'passwd', 'pass', 'passphrase', 'secret', 'geheim'],
  ...['qwerty', 'qwertz', 'azerty', 'letmein', 'welcome', 'changeme', 'default', 'login', 'master', 'root', 'guest', 'user'],
  ...['admin', 'administrator', 'iloveyou', 'trustno1', 'monkey', 'dragon', 'football', 'baseball', 'basketball', 'sunshine'],
  ...['princess', 'superman', 'batman', 'starwars', 'pokemon', 'shadow', 'michael', 'jordan', 'whatever', 'hello', 'freedom'],
  // The name of the shop is the first word a guesser adds.
  'emporium',
];

const forward = [
  '012345678901234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop[]asdfghjkl;zxcvbnm/',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'q1w2e3r4t5y6u7i8o9p0',
];

/** Keys and letters in the order in which fingers and alphabets run, both ways. */
export const runs: readonly string[] = [...forward, ...forward.map((run) => [...run].reverse().join(''))];

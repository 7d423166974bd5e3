import { commonParts, runs } from './password-blocklist.ts';

/** How long a new password is, in characters as a person counts them (code points). */
export interface PasswordRule {
  readonly minLength: number;
  readonly maxLength: number;
}

/**
 * Why a new password is refused, or undefined. Length and guessability only: rules on composition make people predictable.
 * `person` is what a guesser knows already.
 */
export function refusalOf(typed: string, person: { email: string; name: string }, rule: PasswordRule): string | undefined {
  // The form that is hashed: the same word from two keyboards is one password.
  const password = typed.normalize('NFKC');
  const length = [...password].length;
  if (length < rule.minLength) return `must have at least ${rule.minLength} characters`;
  if (length > rule.maxLength) return `must have at most ${rule.maxLength} characters`;
  if (isGuessable(password, person)) return 'is too easy to guess: choose something less common';
  return undefined;
}

/** A password of fewer independent pieces than this is guessed by programs that string common parts together. */
const fewestPieces = 5;

function isGuessable(password: string, person: { email: string; name: string }): boolean {
  const known = [person.email, person.email.split('@')[0] ?? '', person.name].map(bare).filter((part) => part.length >= 5);
  const plain = bare(password);
  return isRepetition(plain) || piecesOf(plain, [...commonParts, ...known]) < fewestPieces;
}

/** Case and the usual separators add nothing that a guesser would not try. */
const bare = (text: string) => text.toLowerCase().replaceAll(/[\s_.,!?*#$%&+=-]+/g, '');

/** 'aaaaaaaaaaaaaaa', 'abc1abc1abc1abc1': at most five characters said again and again. */
const isRepetition = (plain: string) => /^(.{1,5}?)\1{2,}.{0,4}$/su.test(plain);

/** The fewest pieces the text can be cut into: a known part, a run of keys and a single other character are one piece each. */
function piecesOf(plain: string, parts: readonly string[]): number {
  const fewest = [0];
  for (let end = 1; end <= plain.length; end += 1) {
    const head = plain.slice(0, end);
    const starts = [
      ...parts.filter((part) => head.endsWith(part)).map((part) => end - part.length),
      end - runBefore(head),
      end - 1,
    ];
    fewest[end] = 1 + Math.min(...starts.map((start) => fewest[start] ?? end));
  }
  return fewest[plain.length] ?? 0;
}

/** Length of the longest run of neighbouring keys or of one character that ends the text; 1 when it is shorter than three. */
function runBefore(head: string): number {
  let length = /(.)\1*$/su.exec(head)?.[0].length ?? 1;
  for (const run of runs) while (length < head.length && run.includes(head.slice(-length - 1))) length += 1;
  return length >= 3 ? length : 1;
}

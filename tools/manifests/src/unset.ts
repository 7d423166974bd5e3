import type { Finding } from './finding.ts';

/** What an overlay holds until somebody has decided: none of it can work by accident. */
const PLACEHOLDERS = [
  { text: /registry\.invalid/, is: 'an image without a registry' },
  { text: /sha256:0{64}/, is: 'an image without a digest' },
  { text: /set-in-the-overlay/, is: 'a value of site.env' },
  { text: /::0{12}:/, is: 'an account without a number' },
  { text: /^ {2}name: migrate-\w+-unset$/m, is: 'a release without a name' },
];

/** A build that still has them is a text to check and nothing to apply. */
export function unsetIn(build: string, manifests: string): Finding[] {
  return PLACEHOLDERS.filter(({ text }) => manifests.search(text) !== -1).map(({ text, is }) => ({
    ...{ step: 'placeholders', build, check: '', object: '' },
    text: `${is} (${text.source})`,
  }));
}

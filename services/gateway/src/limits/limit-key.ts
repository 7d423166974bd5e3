/**
 * Whose bucket an address is counted in. An IPv6 customer holds at least a /64 and changes addresses within it at will, so that is
 * what is counted; IPv4 addresses, also those written as IPv6, stand for themselves.
 */
export function limitKeyOf(address: string): string {
  if (!address.includes(':')) return address;
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return v4 ?? `${groupsOf(address).slice(0, 4).join(':')}::/64`;
}

/** The groups of an IPv6 address with `::` written out, without leading zeros. */
function groupsOf(address: string): string[] {
  const [bare = ''] = address.split('%');
  const [first = [], last = []] = bare.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = bare.includes('::') ? Math.max(0, 8 - first.length - last.length) : 0;
  return [...first, ...Array<string>(zeros).fill('0'), ...last].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}

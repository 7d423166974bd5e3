function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** One numbered field of a message: a number, a truth, a text or a message that is already bytes. */
export function field(number: number, value: number | boolean | string | Buffer): Buffer {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return Buffer.concat([varint(number << 3), varint(Number(value))]);
  }
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** The entries of a `map<string, message>`. */
export function mapField(number: number, entries: Record<string, Buffer>): Buffer {
  return Buffer.concat(
    Object.entries(entries).map(([key, value]) => field(number, Buffer.concat([field(1, key), field(2, value)]))),
  );
}

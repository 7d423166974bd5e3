/** A variable that the bench always gives. */
export function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}

export const host = '127.0.0.1';
export const port = () => Number(needed('PORT'));

/** Which methods an address takes, from the patterns routes were registered with. Asked only when the router found nothing. */
export class Methods {
  private readonly routes: { method: string; parts: string[] }[] = [];

  add(method: string, pattern: string): void {
    this.routes.push({ method, parts: pattern.split('/') });
  }

  of(path: string): string[] {
    const parts = path.split('/');
    const matching = this.routes.filter((route) => matches(route.parts, parts));
    return [...new Set(matching.map(({ method }) => method))].sort();
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.at(-1) === '*') return matches(pattern.slice(0, -1), path.slice(0, pattern.length - 1));
  return (
    pattern.length === path.length &&
    pattern.every((part, index) => (part.startsWith(':') ? path[index] !== '' : part === path[index]))
  );
}

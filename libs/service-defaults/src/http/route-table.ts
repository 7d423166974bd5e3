import type { AccessRule } from '../access/access-rule.ts';

interface Route {
  method: string;
  parts: string[];
  rule: AccessRule;
}

/** The routes of a service as they were registered, for questions the router does not answer: what else an address takes, and for whom. */
export class RouteTable {
  private readonly routes: Route[] = [];

  add(method: string, pattern: string, rule: AccessRule): void {
    this.routes.push({ method, parts: pattern.split('/'), rule });
  }

  /** Methods an address takes. Asked only when the router found nothing. */
  methodsOf(path: string): string[] {
    const parts = path.split('/');
    const matching = this.routes.filter((route) => matches(route.parts, parts));
    return [...new Set(matching.map(({ method }) => method))].sort();
  }

  /** The rule of a route by its pattern in OpenAPI's form: `/v1/orders/{id}`. */
  ruleOf(method: string, pattern: string): AccessRule | undefined {
    const wanted = pattern.replaceAll(/\{(\w+)\}/g, ':$1');
    return this.routes.find((route) => route.method === method.toUpperCase() && route.parts.join('/') === wanted)?.rule;
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.at(-1) === '*') return matches(pattern.slice(0, -1), path.slice(0, pattern.length - 1));
  return (
    pattern.length === path.length &&
    pattern.every((part, index) => (part.startsWith(':') ? path[index] !== '' : part === path[index]))
  );
}

import type { OpenApiDocument } from './open-api.ts';

const prefix = '#/components/';

/** A copy of a part of a document in which every reference to a component is what `rename` makes of it. */
export function withReferences(part: unknown, rename: (reference: string) => string): unknown {
  if (Array.isArray(part)) return part.map((each) => withReferences(each, rename));
  if (typeof part !== 'object' || part === null) return part;
  const members = Object.entries(part).map(([key, value]) => {
    const isReference = key === '$ref' && typeof value === 'string' && value.startsWith(prefix);
    return [key, isReference ? rename(value) : withReferences(value, rename)];
  });
  return Object.fromEntries(members);
}

/** What a reference means: its component and all components that one refers to. Equal meanings of two documents are one component. */
function meaningOf(document: OpenApiDocument, reference: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (each: string): string => {
    if (found.has(each)) return each;
    const [kind = '', name = ''] = each.slice(prefix.length).split('/');
    const component = document.components[kind]?.[name];
    found.set(each, component);
    withReferences(component, visit);
    return each;
  };
  visit(reference);
  return found;
}

/** The components of the whole: those that are used, and each name with one meaning. */
export class Components {
  readonly parts: OpenApiDocument['components'] = {};
  private readonly meanings = new Map<string, string>();

  /** A copy of a part of a service's document that refers to components of the whole; brings along what it refers to. */
  adopt(service: string, document: OpenApiDocument, part: unknown): unknown {
    return withReferences(part, (reference) => this.place(service, document, reference));
  }

  /** Where a component of a service stands in the whole: under its own name, or with its service's before it when the name is taken. */
  private place(service: string, document: OpenApiDocument, reference: string): string {
    const meaning = JSON.stringify([...meaningOf(document, reference)]);
    const [kind = '', name = ''] = reference.slice(prefix.length).split('/');
    const own = `${prefix}${kind}/${service}.${name}`;
    const free = (this.meanings.get(reference) ?? meaning) === meaning ? reference : own;
    if (this.meanings.has(free)) return free;

    this.meanings.set(free, meaning);
    const parts = this.parts[kind] ?? {};
    this.parts[kind] = parts;
    parts[free.slice(`${prefix}${kind}/`.length)] = this.adopt(service, document, document.components[kind]?.[name]);
    return free;
  }
}

interface Parsed {
  readonly text: string;
  readonly value: unknown;
}

/** About a thousand products, and with what they are parsed to some 4 MB. */
const mostCharacters = 1_000_000;

/**
 * What texts were parsed to: the same text under the same key is the same value, and is not parsed again. Nobody may change a value. The
 * text still comes from its source each time, so a value is as new as that. What was parsed longest ago is forgotten first.
 */
export class ParsedTexts {
  private readonly known = new Map<string, Parsed>();
  private characters = 0;

  /** Throws SyntaxError for what is no JSON. */
  parse(key: string, text: string): unknown {
    const known = this.known.get(key);
    if (known?.text === text) return known.value;
    const value: unknown = JSON.parse(text);
    this.forget(key, known);
    this.known.set(key, { text, value });
    this.characters += text.length;
    this.makeRoom();
    return value;
  }

  private makeRoom(): void {
    for (const [key, parsed] of this.known) {
      if (this.characters <= mostCharacters) return;
      this.forget(key, parsed);
    }
  }

  private forget(key: string, parsed: Parsed | undefined): void {
    if (parsed === undefined) return;
    this.known.delete(key);
    this.characters -= parsed.text.length;
  }
}

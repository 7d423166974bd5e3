/** One after the other, and round again. Throws for none. */
export function inTurn<Item>(items: readonly Item[]): () => Item {
  let turn = 0;
  return () => {
    const item = items[turn % items.length];
    if (item === undefined) throw new Error('There is nothing to take turns with.');
    turn += 1;
    return item;
  };
}

/** What is made of an object that nobody changes, made once for each object. */
export function madeOnce<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, { readonly value: To }>();
  return (from) => {
    let known = made.get(from);
    if (known === undefined) {
      known = { value: make(from) };
      made.set(from, known);
    }
    return known.value;
  };
}

/**
 * Makes something of an object once, for everybody who asks with the same object. It lives as long as
 * the object, which must not be changed.
 */
export function oncePerObject<Key extends object, Made>(
  make: (key: Key) => Made,
): (key: Key) => Made {
  const known = new WeakMap<Key, { readonly made: Made }>();
  return (key) => {
    const before = known.get(key);
    if (before) return before.made;
    const made = make(key);
    known.set(key, { made });
    return made;
  };
}

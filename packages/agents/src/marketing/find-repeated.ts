/** The places of keys that occurred before; empty keys are not compared. */
export function findRepeated(keys: readonly string[]): readonly number[] {
  return keys.flatMap((key, index) => (key !== "" && keys.indexOf(key) < index ? [index] : []));
}

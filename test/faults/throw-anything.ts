/**
 * Loaded into a worker before its program, this makes the code of its agents throw: whatever compares
 * two dates, as the plan does after the gateway has answered, throws one odd value after the other.
 */

const DATE = /^\d{4}-\d\d-\d\d$/;

const VALUES: readonly (() => unknown)[] = [
  () => Object.create(null),
  () => undefined,
  () => "x".repeat(1_000_000),
  () => Symbol("thrown"),
  () => Object.defineProperty(new Error("hidden"), "message", { get: throwAgain }),
  () => new Proxy({}, { get: throwAgain, getPrototypeOf: throwAgain }),
  () => Object.assign(new Error("circular"), { cause: circular }),
];

const circular: { self?: unknown } = {};
circular.self = circular;

function throwAgain(): never {
  throw Object.create(null);
}

let thrown = 0;
const compare = String.prototype.localeCompare;
String.prototype.localeCompare = function compareOrThrow(this: string, that: string) {
  if (!DATE.test(String(this))) return compare.call(this, that);
  thrown += 1;
  throw VALUES[thrown % VALUES.length]?.();
};

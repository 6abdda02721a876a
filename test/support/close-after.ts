/** Closes what a test opened: after that test, or after its file when it was opened for all of them. */
import { afterAll, onTestFinished, TestRunner } from "vitest";

export function closeAfter(close: () => unknown): void {
  // An `afterAll` that is registered inside a test is never called.
  const isInTest = TestRunner.getCurrentTest() !== undefined;
  const closed = async () => void (await close());
  if (isInTest) onTestFinished(closed);
  else afterAll(closed);
}

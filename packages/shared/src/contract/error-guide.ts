/** What docs/errors.md says of a code beside its status and its detail. */
import type { ErrorCode } from "./error-code.ts";
import type { DetailedErrorCode } from "./error-detail.ts";

interface ErrorGuide {
  /** What the user does, or the program for them. */
  readonly user: string;
  /** What whoever runs the system does; null for nothing. */
  readonly operator: string | null;
}

/** A code whose detail depends on its cause is explained here. */
interface ExplainedGuide extends ErrorGuide {
  readonly means: string;
}

/** One guide for each code: a new code without one does not compile. */
export type ErrorGuides = {
  readonly [Code in ErrorCode]: Code extends DetailedErrorCode ? ErrorGuide : ExplainedGuide;
};

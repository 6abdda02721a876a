/** One change of a database: what it is called, what it does, and what takes it back. */
import { createHash } from "node:crypto";

export interface Step {
  /** Stable over versions, such as `table public.cmo_offers column agent_run_id`. */
  readonly id: string;
  readonly state: "there" | "missing" | "replaced";
  readonly sql: readonly string[];
  /** Null where an earlier step's undo takes it along. */
  readonly undo: string | null;
  /**
   * What it means when the project's rows do not allow this step. A step without it must succeed: what
   * follows depends on it.
   */
  readonly otherwise?: string;
}

/** What is left to the project's owner, because it is theirs to decide. */
export interface Remark {
  readonly about: string;
  readonly sentence: string;
  /**
   * `stops`: nothing can be done before it is mended. `open`: anybody can read or write what is not
   * theirs. Absent: good to know.
   */
  readonly weight?: "stops" | "open";
}

export interface Adoption {
  readonly steps: readonly Step[];
  readonly remarks: readonly Remark[];
}

export const hashOf = ({ sql }: Step): string =>
  createHash("sha256").update(sql.join("\n")).digest("hex");

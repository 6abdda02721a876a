/** Resolves the name that a caller gives to a mode. */
import { AGENT_OF_MODE, RUN_MODES, type RunMode, toMode } from "@cmo/shared/contract";
import { type AppError, expectedError } from "@cmo/shared/runtime";

/** The modes, and the names under which their functions were deployed. */
const VALID_MODES = [
  ...RUN_MODES,
  ...RUN_MODES.map((mode) => AGENT_OF_MODE[mode].replace(/^cmo-/, "")),
];

export function resolveMode(name: string): RunMode {
  const mode = toMode(name);
  if (mode) return mode;
  throw unknownMode();
}

/** `validModes` is the member that clients of the replaced kernel read. */
function unknownMode(): AppError {
  return expectedError("unknown_mode", { members: { validModes: VALID_MODES } });
}

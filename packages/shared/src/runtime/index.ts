export { type Clock, systemClock } from "./clock.ts";
export { describeError, toErrorFields } from "./describe-error.ts";
export { EnvError, httpEnv, logEnv, parseEnv, redisEnv, supabaseEnv } from "./env.ts";
export {
  AppError,
  type AppErrorOptions,
  assertNever,
  expectedError,
  isAppError,
} from "./errors.ts";
export { jsonSize } from "./json-size.ts";
export { createLog, type Logger } from "./log.ts";
export { oncePerObject } from "./once-per-object.ts";
export { newRunId } from "./run-id.ts";
export { closeOnSignals } from "./shutdown.ts";
export { newSlots, type Slots } from "./slots.ts";
export { type RetryPolicy, retryWhileUnavailable, within } from "./wait.ts";

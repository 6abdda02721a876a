/** Plays one scenario on a system of its own and returns the violations. */
import { createArena } from "./arena.ts";
import { BOUNDS, checkHistory, type Violation } from "./check-history.ts";
import { collect } from "./collect.ts";
import { type History, seen } from "./history.ts";
import { NeedsQuietError, whyNotJudged } from "./needs-quiet.ts";
import { watchOtherLoad } from "./other-load.ts";
import { newRandom } from "./random.ts";
import { worstRecovery } from "./recovery.ts";
import type { Scenario } from "./scenario.ts";

export interface Played {
  readonly violations: readonly Violation[];
  /** Which expectation of the scenario itself was not met; null if all were met. */
  readonly failure: string | null;
  /** Why a failure of the scenario proves nothing; null if it does, or if there is none. */
  readonly notJudged: string | null;
  /** Null when no fault occurred while a reader was waiting. */
  readonly recoveryMs: number | null;
  /** Other measurements, as sentences. */
  readonly figures: readonly string[];
  readonly history: History;
  /** The number of runs. */
  readonly runs: number;
  readonly chats: ChatFigures;
}

/** Screens of the AI SDK that were told of the end, and their connections. */
interface ChatFigures {
  readonly ended: number;
  readonly connections: number;
}

export interface PlayOptions {
  readonly seed: number;
  readonly onLine: (name: string, line: string) => void;
}

export async function playScenario(
  scenario: Scenario,
  { seed, onLine }: PlayOptions,
): Promise<Played> {
  const otherLoad = watchOtherLoad();
  const arena = await createArena({ ...scenario.arena, onLine });
  try {
    const client = await arena.createClient();
    const random = newRandom(seed);
    const figures: string[] = [];
    const report = (figure: string) => figures.push(figure);
    const stage = { arena, client, random, leaseMs: arena.leaseMs, report };
    const missed = await inTime(scenario.play(stage)).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    const { endWithinMs } = { ...BOUNDS, ...scenario.bounds };
    await collect(arena, { withinMs: endWithinMs, clients: [client] });
    const { history } = arena.recorder;
    const recoveryMs = worstRecovery(history);
    const failure = missed ?? tooSlow(scenario, recoveryMs);
    return {
      violations: checkHistory(history, scenario.bounds),
      failure: failure?.message ?? null,
      notJudged: whyNotJudged(failure, otherLoad()),
      recoveryMs,
      figures,
      history,
      chats: countChats(history),
      runs: new Set(seen(history, "accepted").map(({ runId }) => runId)).size,
    };
  } finally {
    await arena.close();
  }
}

function countChats(history: History): ChatFigures {
  const ended = seen(history, "chat_done").filter(({ how }) => how === "ended");
  const connections = ended.reduce((sum, chat) => sum + chat.connections, 0);
  return { ended: ended.length, connections };
}

/**
 * A lost worker is replaced after a lease and a sweep, a job whose worker died after five seconds, and
 * an API that was cut off from Redis finds its place within a second of a probe.
 */
const RECOVERED_WITHIN_MS = 10_000;

function tooSlow(
  { recoverWithinMs = RECOVERED_WITHIN_MS }: Scenario,
  recoveryMs: number | null,
): NeedsQuietError | null {
  if (recoveryMs === null || recoveryMs <= recoverWithinMs) return null;
  const waited = Math.round(recoveryMs);
  return new NeedsQuietError(
    `readers wait at most ${recoverWithinMs} ms for their next event, not ${waited}`,
  );
}

/** The longest scenario plays for two minutes, and then waits for its last runs. */
const PLAYS_WITHIN_MS = 240_000;

/** Rejects when a scenario waits for something that never happens. */
async function inTime(playing: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`The scenario was not over within ${PLAYS_WITHIN_MS} ms.`)),
    PLAYS_WITHIN_MS,
  );
  try {
    await Promise.race([playing, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

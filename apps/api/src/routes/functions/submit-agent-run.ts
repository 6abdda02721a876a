/**
 * Submits a run for a client of another API, such as that of the replaced functions: legacy field names are
 * accepted, nothing is saved, and a rate limit fails the run unless its client can show that it waits.
 */
import { catalogEntry } from "@cmo/agents/catalog";
import type { Run, RunMode } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { takeStream } from "../../sse/take-stream.ts";
import { fitPayload } from "../request/agent-payload.ts";
import { findScope, SCOPE_MEMBERS } from "../request/run-scope.ts";
import {
  readIdempotencyKey,
  requireLive,
  type SubmitDeps,
  submitRun,
} from "../request/submit-run.ts";
import { tellIgnored } from "./tell-ignored.ts";

type Members = Readonly<Record<string, unknown>>;

export interface AgentCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly mode: RunMode;
  /** The mode as the caller named it, for the response header. */
  readonly modeName: string;
  readonly payload: Members;
  /** The path of the payload in the body; empty when it is the body. */
  readonly payloadPath: string;
  /** Where the workspace and the tenant may be specified, in order of precedence. */
  readonly scopes: readonly Members[];
  /** Whether the response waits for the run. */
  readonly waits: boolean;
  /** `fail` by default. */
  readonly onRateLimit?: "fail" | "wait";
  readonly chatId?: string;
}

export interface SubmittedRun {
  readonly run: Run;
  /** Members of the payload that the agent does not know. */
  readonly ignored: readonly string[];
}

export async function submitAgentRun(deps: SubmitDeps, call: AgentCall): Promise<SubmittedRun> {
  const { request, reply, mode, modeName, payload, payloadPath, scopes, waits } = call;
  const { onRateLimit = "fail", chatId } = call;
  const scope = findScope(request, scopes);
  const fitted = fitPayload(catalogEntry(mode), withoutScope(payload), payloadPath);
  const { input } = fitted;
  const ignored = tellIgnored({ request, reply }, fitted.ignored);

  if (waits) {
    requireLive(deps);
    const idempotencyKey = readIdempotencyKey(request);
    await takeStream(deps, { request, reply, workspaceId: scope.workspaceId, idempotencyKey });
  }
  const wanted = { ...scope, mode, input, save: false, onRateLimit, chatId } as const;
  const run = await submitRun(deps, { request, reply }, wanted);
  reply.header("x-cmo-mode", modeName);
  return { run, ignored };
}

/** These clients send the workspace and the tenant among the members of the payload. */
function withoutScope(payload: Members): Record<string, unknown> {
  const names: readonly string[] = SCOPE_MEMBERS;
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)));
}

/**
 * An agent is data, one reader and pure functions; it knows nothing of HTTP, queues or SQL.
 *
 * `defineAgent` ties the parts to their schemas at compile time and hides the types behind
 * `prepare`, so that the registry can hold six different agents without a cast.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AgentName, EventData, RunMode } from "@cmo/shared/contract";
import type { WorkspaceDb } from "@cmo/shared/db";
import { z } from "zod";
import { type BlockMembers, blockMembersOf } from "./block-members.ts";
import type { ChatMessage } from "./chat-message.ts";
import type { Finding } from "./finding.ts";
import type { Fitted } from "./fitted.ts";
import { toOutline } from "./outline.ts";
import { readOutput } from "./read-output.ts";
import { toPath } from "./to-path.ts";

/** What an agent knows of the workspace besides its rows. */
export interface WorkspaceProfile {
  readonly id: string;
  readonly name: string;
  /** IANA name, such as `Europe/Amsterdam`. */
  readonly time_zone: string;
  /** ISO 4217. */
  readonly currency: string;
  /** BCP 47. */
  readonly language: string;
}

/** The source of a context. It contains everything that varies by run; nothing is global. */
export interface ContextSource {
  readonly db: WorkspaceDb;
  readonly workspace: WorkspaceProfile;
  /** The date in the workspace's time zone, `YYYY-MM-DD`. */
  readonly today: string;
  /** Unguessable, new for each run: marks the beginning and the end of workspace data in a prompt. */
  readonly boundary: string;
}

/** A row to save. The worker creates the id, so that children can refer to their parent. */
export interface Artifact {
  readonly table: string;
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * The parts of the output that it was made of, such as `channels[1]`; an empty path is the whole. What
   * was found wrong there is saved with the row.
   */
  readonly from: readonly string[];
}

/** The caller's payload is unusable. The run fails with this message, without a gateway call. */
export class InputError extends Error {
  override readonly name = "InputError";
}

export interface AgentSpec<Input, Context, Output extends Record<string, unknown>> {
  readonly name: AgentName;
  readonly mode: RunMode;
  readonly title: string;
  /** Bump when the prompt or a schema changes meaning; stored on every run. */
  readonly version: number;
  /** `json`: the answer is one JSON object. `prose`: text for people that contains tagged blocks. */
  readonly reply: "json" | "prose";
  /** The info string of the block that edge-compatible clients parse, as in ```` ```json:plan ````. */
  readonly tag: string | null;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** The part of the output that the model is asked for, if that is not all of it. */
  readonly written?: z.ZodType;
  /** Reads what the prompt needs; throws `InputError` for ids that are not the workspace's. */
  readonly context: (source: ContextSource, input: Input) => Promise<Context>;
  /** Pure: same input, same context, same messages. */
  readonly prompt: (input: Input, context: Context) => readonly ChatMessage[];
  /** Pure: reads what a model spelled in its own way, before the schema sees the answer. */
  readonly read?: (answer: unknown, context: Context) => Fitted<unknown>;
  /** Does the exact arithmetic, and finds what is wrong with the answer beyond its shape. */
  readonly finish: (output: Output, context: Context) => Finished<Output>;
  readonly artifacts: (output: Output, made: Made<Input, Context>) => readonly Artifact[];
}

export interface Finished<Output> {
  readonly output: Output;
  readonly findings: readonly Finding[];
  /** The progress of an interview, of which the answer is one step; emitted once it is accepted. */
  readonly progress?: EventData<"progress">;
}

export interface Made<Input, Context> {
  readonly input: Input;
  readonly context: Context;
  readonly newId: () => string;
}

/** An agent as the worker sees it. */
export interface Agent {
  readonly name: AgentName;
  readonly mode: RunMode;
  readonly version: number;
  readonly reply: "json" | "prose";
  readonly tag: string | null;
  /** The output's top-level members, in order: the sections that progress counts. */
  readonly sections: readonly string[];
  /** The members of each block that an answer in prose may have. */
  readonly blockMembers: BlockMembers;
  /** The form of the output, as models see it. */
  outline(): string;
  /** Parses the payload and reads the context. Throws `InputError` or an error of the database. */
  prepare(input: unknown, source: ContextSource): Promise<PreparedRun>;
}

export interface PreparedRun {
  readonly messages: readonly ChatMessage[];
  /** Validates and finishes the model's answer, which is already parsed. */
  accept(candidate: unknown): Promise<Verdict>;
}

export type Verdict =
  | {
      readonly kind: "accepted";
      readonly output: Record<string, unknown>;
      readonly findings: readonly Finding[];
      readonly artifacts: (newId: () => string) => readonly Artifact[];
      readonly progress?: EventData<"progress">;
    }
  | { readonly kind: "rejected"; readonly findings: readonly Finding[] };

/** The number of issues that one message names. */
const NAMED_ISSUES = 5;

export function defineAgent<Input, Context, Output extends Record<string, unknown>>(
  spec: AgentSpec<Input, Context, Output>,
): Agent {
  return {
    name: spec.name,
    mode: spec.mode,
    version: spec.version,
    reply: spec.reply,
    tag: spec.tag,
    sections: sectionsOf(spec.output),
    blockMembers: blockMembersOf(spec.output),
    outline: () => toOutline(spec.written ?? spec.output),
    async prepare(payload, source) {
      const input = parseInput(spec.input, payload);
      const context = await spec.context(source, input);
      return {
        messages: withUnread(spec.prompt(input, context), source.db.unread()),
        accept: (candidate) => judge(spec, { input, context }, candidate),
      };
    },
  };
}

/** The instructions say what was not read, so that the answer does not count on it. */
function withUnread(
  messages: readonly ChatMessage[],
  tables: readonly string[],
): readonly ChatMessage[] {
  const [first, ...others] = messages;
  if (!first || tables.length === 0) return messages;
  const kinds = tables.map((table) => table.replace(/^cmo_/, "").replaceAll("_", " ")).join(", ");
  const note = `Rows of these kinds were too large to be read completely: ${kinds}.`;
  return [{ ...first, content: `${first.content}\n\n${note}` }, ...others];
}

/** Sections are members by name. An output schema that is not one object is a bug of the agent. */
function sectionsOf(output: z.ZodType): readonly string[] {
  if (output instanceof z.ZodObject) return Object.keys(output.shape);
  throw new TypeError("An agent's output schema must be a plain z.object: its keys are sections.");
}

function parseInput<Input>(schema: z.ZodType<Input>, payload: unknown): Input {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${toPath(path)}: ${message}` : message,
  );
  const named = issues.slice(0, NAMED_ISSUES);
  if (issues.length > named.length) named.push(`and ${issues.length - named.length} more`);
  throw new InputError(`The payload cannot be used. Correct it and try again: ${named.join("; ")}`);
}

/**
 * The schema rejects a wrong shape. What `finish` finds is reported and not rejected, because an
 * answer with a known weakness is worth more to a marketer than none.
 */
async function judge<Input, Context, Output extends Record<string, unknown>>(
  spec: AgentSpec<Input, Context, Output>,
  prepared: { readonly input: Input; readonly context: Context },
  candidate: unknown,
): Promise<Verdict> {
  const { read } = spec;
  const reading = readOutput(spec, candidate, read && ((value) => read(value, prepared.context)));
  if (reading.kind === "refused") return { kind: "rejected", findings: reading.findings };
  // Other runs may work between the steps that take longest.
  await nextTurn();
  const { output, findings, ...rest } = spec.finish(reading.output, prepared.context);
  return {
    kind: "accepted",
    output,
    findings: [...reading.findings, ...findings],
    artifacts: (newId) => spec.artifacts(output, { ...prepared, newId }),
    ...rest,
  };
}

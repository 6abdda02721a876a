/** What the worker needs of the agents. Who only describes them imports `@cmo/agents/catalog`. */
export {
  type Agent,
  type Artifact,
  type ContextSource,
  type Finding,
  InputError,
  type PreparedRun,
  type Verdict,
  type WorkspaceProfile,
} from "./agent.ts";
export type {
  AbortedOutcome,
  AgentOutcome,
  CompletedOutcome,
  FailedOutcome,
} from "./agent-outcome.ts";
export { ASK_POLICY, type AskPolicy } from "./ask-gateway.ts";
export type { ChatMessage, ChatRequest, Gateway, GatewayEvent } from "./gateway/gateway.ts";
export { createHttpGateway, type HttpGatewayOptions } from "./gateway/http-gateway.ts";
export { agentByName, agents } from "./registry.ts";
export { type RunAgentDeps, runAgent } from "./run-agent.ts";
export { newTextMender, type TextMender, toWellFormedText } from "./well-formed-text.ts";

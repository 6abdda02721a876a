/** The exports for the worker. Code that only describes the agents imports `@cmo/agents/catalog`. */
export type { ChatMessage } from "./agent/chat-message.ts";
export {
  type Agent,
  type Artifact,
  type ContextSource,
  InputError,
  type PreparedRun,
  type Verdict,
  type WorkspaceProfile,
} from "./agent/define-agent.ts";
export { newTextSanitizer, type TextSanitizer } from "./answer-text/well-formed-text.ts";
export type {
  AbortedOutcome,
  AgentOutcome,
  CompletedOutcome,
  FailedOutcome,
} from "./engine/agent-outcome.ts";
export { ASK_POLICY, type AskPolicy } from "./engine/ask-gateway.ts";
export { createJsonRepairer, type JsonRepairer } from "./engine/repair-json.ts";
export { type RunAgentDeps, runAgent } from "./engine/run-agent.ts";
export { newSpendMeter, type SpendMeter, UNMETERED } from "./engine/spend-meter.ts";
export {
  type ChatRequest,
  type Gateway,
  type GatewayAnswer,
  type GatewayFailure,
  NOTHING_DUE,
  type TextTaker,
} from "./gateway/gateway.ts";
export { createHttpGateway, type HttpGatewayOptions } from "./gateway/http-gateway.ts";
export { agentByName, agents } from "./registry.ts";
export { createTokenCounter, type TokenCounter } from "./tokens/token-counter.ts";

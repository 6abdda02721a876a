/** An answer of a gateway as a list: any number of texts, the usage if there is one, and the end. */
import type { Usage } from "@cmo/shared/contract";
import type { AnswerEnd } from "../src/gateway/gateway.ts";

export type GatewayEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "usage"; readonly usage: Usage }
  | AnswerEnd;

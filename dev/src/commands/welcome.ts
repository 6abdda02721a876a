/** The message of `npm start` once everything runs: addresses, and commands for a first run. */

import type { StackParts } from "../stack/stack-options.ts";
import { DEMO_LOGIN, NEWCOMER_LOGIN } from "./demo-login.ts";

export interface Welcome {
  readonly parts: StackParts;
  readonly logsFolder: string;
  readonly startedInMs: number;
}

export function formatWelcome({ parts, logsFolder, startedInMs }: Welcome): string {
  const [apiUrl = ""] = parts.apiUrls;
  const gateway = parts.gatewayUrl ?? "the default gateway of LOVABLE_API_KEY";
  return `
CMO Kernel is ready. It took ${(startedInMs / 1_000).toFixed(1)} s to start.

  Supabase   ${parts.supabaseUrl}
  API        ${apiUrl}
  API docs   ${apiUrl}/docs
  Gateway    ${gateway}${parts.isDemoGateway ? " (demo: scripted answers, not a model)" : ""}
  Logs       ${logsFolder}
  Login      ${DEMO_LOGIN.email} / ${DEMO_LOGIN.password}
             ${NEWCOMER_LOGIN.email} / ${NEWCOMER_LOGIN.password} (without a workspace)

To try a run, use another terminal. Sign in:

${indent(signInCommand(parts))}

Submit:

${indent(submitCommand(apiUrl))}

Stream, then poll:

${indent(followCommands(apiUrl))}

Ctrl-C stops everything.
`;
}

function signInCommand({ supabaseUrl, publishableKey }: StackParts): string {
  return [
    `TOKEN=$(curl -sS '${supabaseUrl}/auth/v1/token?grant_type=password' \\`,
    `  -H 'apikey: ${publishableKey}' -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify(DEMO_LOGIN)}' \\`,
    `  | sed -E 's/.*"access_token":"([^"]+)".*/\\1/')`,
  ].join("\n");
}

function submitCommand(apiUrl: string): string {
  const body = {
    mode: "strategy",
    payload: { primaryGoal: "Win 60 new office subscriptions", budget: 20_000 },
  };
  return [
    `RUN=$(curl -sS ${apiUrl}/v1/runs \\`,
    `  -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify(body)}' \\`,
    `  | sed -E 's/.*[{,]"id":"([^"]+)".*/\\1/')`,
  ].join("\n");
}

function followCommands(apiUrl: string): string {
  return [
    `curl -sSN ${apiUrl}/v1/runs/$RUN/events -H "authorization: Bearer $TOKEN"`,
    `curl -sS ${apiUrl}/v1/runs/$RUN -H "authorization: Bearer $TOKEN"`,
  ].join("\n");
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

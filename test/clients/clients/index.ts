import type { TestedClient } from "../case.ts";
import { AG_UI } from "./ag-ui.ts";
import { EVENT_SOURCE, FETCH_EVENT_SOURCE } from "./browser.ts";
import { CMO } from "./cmo.ts";
import { CURL } from "./curl.ts";
import { EVENTSOURCE } from "./eventsource.ts";
import { OPENAI } from "./openai.ts";
import { OPENAI_COMPATIBLE } from "./openai-compatible.ts";
import { QUERY } from "./query.ts";
import { SUPABASE } from "./supabase.ts";
import { USE_CHAT } from "./use-chat.ts";

export const CLIENTS: readonly TestedClient[] = [
  CMO,
  USE_CHAT,
  OPENAI,
  OPENAI_COMPATIBLE,
  AG_UI,
  SUPABASE,
  EVENTSOURCE,
  EVENT_SOURCE,
  FETCH_EVENT_SOURCE,
  QUERY,
  CURL,
];

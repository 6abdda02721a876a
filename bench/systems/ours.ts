/** The product itself, asked at the address of a replaced function. */
import { toPrompt } from "../gateway/script.ts";
import type { System } from "./system.ts";

export const OURS: System = {
  name: "ours",
  summary: "this project's API and workers, edge-compatible format",
  async start({ apiUrl, users, pidsOf }) {
    return {
      pids: () => [...pidsOf("api"), ...pidsOf("worker")],
      target: (script) => ({
        dialect: "post",
        url: `${apiUrl}/functions/v1/cmo-brand-intake`,
        tokens: users.tokens,
        body: JSON.stringify({
          workspaceId: users.workspaceId,
          messages: [{ role: "user", content: toPrompt(script) }],
        }),
      }),
      // Its workers must go on renewing their leases.
      freeze: () => {},
      thaw: () => {},
      stop: async () => {},
    };
  },
};

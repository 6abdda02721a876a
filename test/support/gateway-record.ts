/** What the gateway was asked on behalf of a run: what left the system. */
import { inject } from "vitest";
import { z } from "zod";

const recordSchema = z.array(
  z.object({
    requestId: z.string(),
    headers: z.record(z.string(), z.unknown()),
    model: z.string().nullable(),
    members: z.array(z.string()),
    messages: z.array(z.object({ role: z.string(), content: z.string() })),
    status: z.int().nullable(),
    bytesSent: z.int(),
    textSent: z.string(),
    closedBy: z.string().nullable(),
  }),
);

export type GatewayCall = z.infer<typeof recordSchema>[number];

export async function gatewayCalls(runId: string): Promise<readonly GatewayCall[]> {
  const { origin } = new URL(inject("stack").gatewayUrl);
  return recordSchema.parse(await (await fetch(`${origin}/record/${runId}`)).json());
}

/** Everything that the model was told in all calls of a run, as one text. */
export async function promptOf(runId: string): Promise<string> {
  const calls = await gatewayCalls(runId);
  return calls.flatMap(({ messages }) => messages.map(({ content }) => content)).join("\n");
}

/** The call of requirements.md's gateway contract. */
import { required } from "../programs/serve-parent.ts";

const SYSTEM_PROMPT = "You are a brand strategist who interviews the owner of a business.";

export async function askGateway(prompt: string): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(`${required("AI_GATEWAY_URL")}/chat/completions`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${required("LOVABLE_API_KEY")}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({
      model: "google/gemini-2.5-flash",
      messages: [
        { role: "system", content: SYSTEM_PROMPT },
        { role: "user", content: prompt },
      ],
      stream: true,
    }),
  });
  if (!response.ok || !response.body) throw new Error(`The gateway answered ${response.status}.`);
  return response.body;
}

/** The text of a chunk's `data:` line; empty for one without text and for `[DONE]`. */
export function textOfData(data: string): string {
  if (data === "[DONE]") return "";
  const chunk: { choices?: { delta?: { content?: string } }[] } = JSON.parse(data);
  return chunk.choices?.[0]?.delta?.content ?? "";
}

/**
 * How the existing screens read a stream, faults included: lines that begin with `data: `, one
 * whole JSON object each; one bad line and nothing after it is ever seen. This is the first client:
 * it is kept as strict and as naive as it is.
 */
export function readAsScreen(bytes: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  let buffer = "";
  let content = "";
  for (const piece of bytes) {
    buffer += decoder.decode(piece, { stream: true });
    for (let end = buffer.indexOf("\n"); end !== -1; end = buffer.indexOf("\n")) {
      const line = buffer.slice(0, end).replace(/\r$/, "");
      const rest = buffer.slice(end + 1);
      if (line.startsWith(":") || line.trim() === "" || !line.startsWith("data: ")) {
        buffer = rest;
        continue;
      }
      const json = line.slice("data: ".length).trim();
      if (json === "[DONE]") {
        buffer = rest;
        break;
      }
      try {
        content += JSON.parse(json).choices?.[0]?.delta?.content ?? "";
        buffer = rest;
      } catch {
        // The screen puts the line back and waits for the rest of it, which never comes.
        break;
      }
    }
  }
  return content;
}

/** The first block of a tag, as the screens' pattern finds it; null if there is none. */
export function findBlock(content: string, tag: string): Record<string, unknown> | null {
  const match = new RegExp(`\`\`\`json:${tag}\\n([\\s\\S]*?)\\n\`\`\``).exec(content);
  return match?.[1] === undefined ? null : JSON.parse(match[1]);
}

export async function collectBytes(response: Response): Promise<Uint8Array[]> {
  const bytes: Uint8Array[] = [];
  for await (const piece of response.body ?? []) bytes.push(piece);
  return bytes;
}

import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { answerPreflight, isPreflight } from "./preflight.ts";

test("a preflight allows what the page asks for, and nothing else is taken for one", async () => {
  const server = createServer((incoming, outgoing) => {
    if (isPreflight(incoming)) answerPreflight(incoming, outgoing);
    else outgoing.writeHead(418).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const ask = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/auth/v1/token`, { method: "OPTIONS", headers });
  try {
    const answer = await ask({
      origin: "https://app.example.com",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,apikey,x-new",
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
    expect(answer.headers.get("access-control-allow-headers")).toBe("authorization,apikey,x-new");
    expect((await ask({ origin: "https://app.example.com" })).status).toBe(418);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

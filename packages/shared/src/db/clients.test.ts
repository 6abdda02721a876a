import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import { newSlots } from "../runtime/index.ts";
import {
  createServiceClient,
  createUserClient,
  type LedgerDatabase,
  type ServiceClient,
} from "./clients.ts";

type Relation = keyof LedgerDatabase["public"]["Tables"] | keyof LedgerDatabase["public"]["Views"];

test("no client has the type of a domain table, which only WorkspaceDb may read", () => {
  expectTypeOf<Extract<Relation, `${string}cmo_${string}`>>().toBeNever();
  expectTypeOf<"agent_runs">().toExtend<Relation>();

  const client: ServiceClient = createServiceClient({ url: "http://127.0.0.1", secretKey: "key" });
  // @ts-expect-error: it would compile if the client had the types of the domain.
  expect(client.from("cmo_offers")).toBeDefined();
});

/** Answers one request each time that it is told to. */
async function listen() {
  const waiting: ServerResponse[] = [];
  const seen = { most: 0, count: 0 };
  const server = createServer((_request, response) => {
    waiting.push(response.setHeader("content-type", "application/json"));
    seen.count += 1;
    seen.most = Math.max(seen.most, waiting.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens on no port.");
  const answerNext = () => waiting.shift()?.end("[]");
  return { url: `http://127.0.0.1:${address.port}`, seen, answerNext };
}

test("requests of users that share slots are sent as slots are free, and all are answered", async () => {
  const { url, seen, answerNext } = await listen();
  const slots = newSlots(3);
  const clients = Array.from({ length: 20 }, (_, n) =>
    createUserClient({ url, publishableKey: "key", accessToken: `token ${n}`, slots }),
  );
  const asked = Promise.all(clients.map((client) => client.from("agent_runs").select("id")));
  for (let answered = 0; answered < clients.length; answered += 1) {
    const sent = Math.min(answered + 3, clients.length);
    await vi.waitFor(() => expect(seen.count).toBeGreaterThanOrEqual(sent));
    answerNext();
  }
  const answers = await asked;
  expect(answers.map(({ error }) => error)).toEqual(clients.map(() => null));
  expect(seen).toEqual({ count: 20, most: 3 });
});

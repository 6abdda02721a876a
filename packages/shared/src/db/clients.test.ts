import { expect, expectTypeOf, test } from "vitest";
import { createServiceClient, type LedgerDatabase, type ServiceClient } from "./clients.ts";

type Relation = keyof LedgerDatabase["public"]["Tables"] | keyof LedgerDatabase["public"]["Views"];

test("no client has the type of a domain table, which only WorkspaceDb may read", () => {
  expectTypeOf<Extract<Relation, `${string}cmo_${string}`>>().toBeNever();
  expectTypeOf<"agent_runs">().toExtend<Relation>();

  const client: ServiceClient = createServiceClient({ url: "http://127.0.0.1", secretKey: "key" });
  // @ts-expect-error: it would compile if the client had the types of the domain.
  expect(client.from("cmo_offers")).toBeDefined();
});

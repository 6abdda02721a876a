/** docs/gateways.md says what becomes of an answer in each gateway's dialect. It is played here. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createDemoGateway } from "../../apps/demo-gateway/src/server.ts";
import { playAll, tableIn, toMarkdown } from "../gateways/gateway-table.ts";

const page = readFileSync(new URL("../../docs/gateways.md", import.meta.url), "utf8");

test("each row of the table in docs/gateways.md holds", { timeout: 60_000 }, async () => {
  const gateway = createDemoGateway({ key: "k-for-gateways", piecesPerSecond: 0 });
  const url = await gateway.listen();
  try {
    const rows = await playAll({ url: `${url}/v1`, key: "k-for-gateways" });
    expect(toMarkdown(rows).split("\n")).toEqual(tableIn(page).split("\n"));
  } finally {
    await gateway.close();
  }
});

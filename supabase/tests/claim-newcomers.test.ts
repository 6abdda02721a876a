/** Who comes while others run begins at what they have used, whatever their runs were expected to take. */
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openFlow } from "./support/flow.ts";

const flow = await openFlow();
afterAll(() => flow.close());
beforeEach(() => flow.clear());

describe("a tenant that comes while another runs", () => {
  test("does not wait for charges that are corrected when runs end", async () => {
    const first = await flow.tenant(20);
    const held = [];
    for (let turn = 0; turn < 8; turn += 1) held.push(await flow.claim());
    const second = await flow.tenant(8);
    for (const run of held) if (run) await flow.end(run, 1);

    const served = await flow.serve(12, () => 1);
    expect(served.get(second.tenantId)).toBeGreaterThanOrEqual(6);
    expect(served.get(first.tenantId)).toBeGreaterThanOrEqual(2);
  });
});

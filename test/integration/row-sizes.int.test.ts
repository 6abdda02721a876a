/** A row that is too large is refused where browsers write: past the API, with a user's token. */
import { expect, test } from "vitest";
import { callRest } from "../support/rest.ts";
import { createTenant } from "../support/tenant.ts";

test("a brand of five megabytes is refused with the limit that it exceeds", async () => {
  const { user, workspaceId: workspace_id } = await createTenant();
  const { token } = user;
  const brand = { workspace_id, brand_name: "B" };
  const created = await callRest("cmo_brand_profiles", { token, json: brand });
  expect(created.status).toBe(201);

  const answer = await callRest(`cmo_brand_profiles?workspace_id=eq.${workspace_id}`, {
    token,
    method: "PATCH",
    json: { mission_statement: "x".repeat(5_000_000) },
  });

  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    message: expect.stringContaining("mission_statement_has_at_most_20000_characters"),
  });
});

/** A user of a new project gets to a run, with nothing but the API and the project's public key. */
import { workspaceListSchema, workspaceSchema } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { callRest } from "../support/rest.ts";
import { createTenant, createUser, mintToken } from "../support/tenant.ts";

const api = await startApi();
const submission = { mode: "setup", payload: { messages: [{ role: "user", content: "Hello" }] } };

test("a new user is told to create a workspace, creates one, and runs in it", async () => {
  const { token } = await createUser();
  const refused = await api.fetch("/v1/runs", token, { json: submission });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({
    code: "no_workspace",
    error: expect.stringContaining("POST /v1/workspaces"),
  });

  const json = { name: " Kade Coffee ", time_zone: "Europe/Amsterdam", currency: "EUR" };
  const created = await api.fetch("/v1/workspaces", token, { json });
  expect(created.status).toBe(201);
  const workspace = workspaceSchema.parse(await created.json());
  expect(workspace).toMatchObject({ name: "Kade Coffee", role: "owner", language: "en" });

  const listed = workspaceListSchema.parse(await (await api.fetch("/v1/workspaces", token)).json());
  expect(listed).toEqual({ workspaces: [workspace], invitations: [] });
  const accepted = await api.fetch("/v1/runs", token, { json: submission });
  expect(accepted.status).toBe(202);
  expect(await accepted.json()).toMatchObject({ workspace_id: workspace.id });
});

test("an anonymous session gets no workspace", async () => {
  const { id } = await createUser();
  const token = await mintToken({ sub: id, is_anonymous: true });
  const refused = await api.fetch("/v1/workspaces", token, { json: { name: "Mine" } });
  expect(await refused.json()).toMatchObject({ code: "sign_up_required" });
});

test("an owner invites, the guest accepts, runs, and is removed", async () => {
  const { user, workspaceId } = await createTenant();
  const guest = await createUser();
  const invited = await callRest("rpc/invite_member", {
    token: user.token,
    json: { p_workspace_id: workspaceId, p_email: `${guest.id}@cmo-kernel.test` },
  });
  expect(invited.status).toBe(200);
  const { invitations } = workspaceListSchema.parse(
    await (await api.fetch("/v1/workspaces", guest.token)).json(),
  );
  expect(invitations).toMatchObject([{ workspace_id: workspaceId, role: "member" }]);
  const args = { p_workspace_id: workspaceId };
  await callRest("rpc/accept_invitation", { token: guest.token, json: args });
  expect((await api.fetch("/v1/runs", guest.token, { json: submission })).status).toBe(202);
  await callRest("rpc/remove_member", {
    token: user.token,
    json: { ...args, p_user_id: guest.id },
  });
  expect((await api.fetch("/v1/runs", guest.token, { json: submission })).status).toBe(403);
});

test.each([
  [{ name: "" }, "name"],
  [{ name: "x".repeat(501) }, "name"],
  [{ name: "W", time_zone: "Mars" }, "time_zone"],
  [{ name: "W", currency: "euro" }, "currency"],
  [{ name: "W", language: "?" }, "language"],
  [{ name: "W", colour: "red" }, "colour"],
  [{}, "name"],
])("%j is refused by the name of what is wrong", async (json, path) => {
  const { token } = await createUser();
  const refused = await api.fetch("/v1/workspaces", token, { json });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ issues: [{ path }] });
});

/** Workspaces and their members, attacked with the project's public key past the API, and through it. */
import { expect, test } from "vitest";
import { z } from "zod";
import { query } from "../support/query.ts";
import { callRest } from "../support/rest.ts";
import { createMember, createTenant, createUser, mintToken } from "../support/tenant.ts";
import { callApi, expectProblem } from "./support/call-api.ts";

const rpc = (name: string, token: string, json: object) => callRest(`rpc/${name}`, { token, json });
const countOwned = (userId: string) =>
  query("select from public.workspaces where owner_id = $1", [userId]).then(({ length }) => length);
const membersOf = (workspaceId: string) =>
  query(
    "select user_id, role from public.workspace_members where workspace_id = $1 order by user_id",
    [workspaceId],
  );

test("S74: an anonymous sign-in creates no workspace", async () => {
  const { id } = await createUser();
  const token = await mintToken({ sub: id, is_anonymous: true });
  const answer = await callApi("/v1/workspaces", { token, json: { name: "Mine" } });
  expectProblem(answer, 403, "sign_up_required");
  expect((await rpc("create_workspace", token, { p_name: "Mine" })).code).toBe("sign_up_required");
  expect(await countOwned(id)).toBe(0);
});

test("S75: nobody raises themselves, and no stranger, viewer or member changes others", async () => {
  const { workspaceId, tenantId, user: owner } = await createTenant();
  const target = await createMember(workspaceId, "member");
  const attackers = {
    stranger: (await createTenant()).user,
    viewer: await createMember(workspaceId, "viewer"),
    member: await createMember(workspaceId, "member"),
    admin: await createMember(workspaceId, "admin"),
  };
  const before = await membersOf(workspaceId);
  const here = { p_workspace_id: workspaceId };
  for (const [name, { id, token }] of Object.entries(attackers)) {
    const attempts = [
      await rpc("change_member_role", token, { ...here, p_user_id: id, p_role: "owner" }),
      await rpc("change_member_role", token, { ...here, p_user_id: owner.id, p_role: "viewer" }),
      await rpc("change_member_role", token, { ...here, p_user_id: target.id, p_role: "admin" }),
      await rpc("remove_member", token, { ...here, p_user_id: owner.id }),
      await rpc("invite_member", token, { ...here, p_email: "a@x.test", p_role: "owner" }),
      await rpc("accept_invitation", token, here),
      await rpc("create_workspace", token, { p_name: "W", p_tenant_id: tenantId }),
    ];
    expect(
      attempts.map(({ status }) => status >= 400),
      name,
    ).not.toContain(false);
  }
  expect(await membersOf(workspaceId)).toEqual(before);
});

test("S76: the last owner stays, and of two who remove each other at once one stays", async () => {
  const { workspaceId, user: owner } = await createTenant();
  const here = { p_workspace_id: workspaceId };
  const leave = await rpc("remove_member", owner.token, { ...here, p_user_id: owner.id });
  expect(leave.code).toBe("last_owner");
  const other = await createMember(workspaceId, "owner");
  const answers = await Promise.all([
    rpc("remove_member", owner.token, { ...here, p_user_id: other.id }),
    rpc("remove_member", other.token, { ...here, p_user_id: owner.id }),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await membersOf(workspaceId)).toMatchObject([{ role: "owner" }]);
});

test("S77: of a thousand workspaces asked for at once, a user gets as many as the policy allows", async () => {
  const { id, token } = await createUser();
  const policySchema = z.array(z.object({ most: z.int() })).length(1);
  const [policy] = policySchema.parse(
    await query("select max_workspaces_per_user as most from private.run_policy"),
  );
  const answers: string[] = [];
  const work = Array.from({ length: 1000 }, (_, number) => number);
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (work.pop() !== undefined) {
        const { status, code } = await rpc("create_workspace", token, { p_name: "W" });
        answers.push(status === 200 ? "created" : code);
      }
    }),
  );
  expect(answers.filter((answer) => answer === "created")).toHaveLength(policy?.most ?? 0);
  expect(new Set(answers)).toEqual(new Set(["created", "workspace_limit"]));
  expect(await countOwned(id)).toBe(policy?.most);
});

test("S78: an invitation does not tell who has signed up, and reaches only a confirmed address", async () => {
  const { workspaceId, user: owner } = await createTenant();
  const guest = await createUser();
  const invite = (p_email: string) =>
    rpc("invite_member", owner.token, { p_workspace_id: workspaceId, p_email });
  const email = `${guest.id}@cmo-kernel.test`;
  const [known, unknown] = [await invite(email), await invite("nobody@cmo-kernel.test")];
  expect(known.text.replace(email, "")).toBe(unknown.text.replace("nobody@cmo-kernel.test", ""));
  await query("update auth.users set email_confirmed_at = null where id = $1", [guest.id]);
  const accepted = await rpc("accept_invitation", guest.token, { p_workspace_id: workspaceId });
  expect(accepted.code).toBe("invitation_not_found");
});

import { describe, expect, test } from "vitest";
import { isEnding, type ReceivedEvent, receiveEvents } from "../support/events.ts";
import { query } from "../support/query.ts";
import { addMember, createUser, mintToken } from "../support/tenant.ts";
import { callApi, openApi, readRun, submitRun, waitForEnd } from "./support/call-api.ts";
import { createTwoTenants, type Victim } from "./support/two-tenants.ts";

const { attacker, victim } = await createTwoTenants();

/** A run that goes on for longer than any of these tests. */
async function startLongRun({ user, word }: Pick<Victim, "user" | "word">) {
  const payload = { primaryGoal: `${word} [[fault:slow@4]]` };
  return submitRun(user.token, { payload, save: false });
}

interface Following {
  readonly events: readonly ReceivedEvent[];
  readonly lastedMs: number;
}

/** Follows until the API ends it. `onText` is called at the first word. */
async function follow(
  path: string,
  token: string,
  onText: () => Promise<unknown> = async () => {},
): Promise<Following> {
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(20_000);
  const response = await openApi(path, { token, signal });
  expect(response.status).toBe(200);
  const events: ReceivedEvent[] = [];
  let hasText = false;
  for await (const event of receiveEvents(response)) {
    events.push(event);
    if (event.type !== "delta" || hasText) continue;
    hasText = true;
    await onText();
  }
  return { events, lastedMs: performance.now() - startedAt };
}

async function expectRunOn(id: string): Promise<void> {
  expect(await readRun(victim.user.token, id)).toMatchObject({ status: "running" });
  await callApi(`/v1/runs/${id}/cancel`, { token: victim.user.token, method: "POST" });
  await waitForEnd(victim.user.token, id);
}

test("S12: a stream ends soon after its reader's token, and the run goes on", async () => {
  const { id } = await startLongRun(victim);
  const exp = Math.floor(Date.now() / 1000) + 4;
  const token = await mintToken({ sub: victim.user.id, exp });
  const { events, lastedMs } = await follow(`/v1/runs/${id}/events`, token);
  expect(events.some(isEnding)).toBe(false);
  expect(lastedMs).toBeLessThan(10_000);
  await expectRunOn(id);
});

describe("S13: a stream ends soon after its reader may no longer read", () => {
  async function join() {
    const user = await createUser();
    await addMember(victim.workspaceId, user.id, "member");
    return user;
  }

  test("S13: when the membership goes", async () => {
    const [{ id }, member] = [await startLongRun(victim), await join()];
    const { events } = await follow(`/v1/runs/${id}/events`, member.token, () =>
      query("delete from public.workspace_members where user_id = $1", [member.id]),
    );
    expect(events.some(({ type }) => type === "delta")).toBe(true);
    expect(events.some(isEnding)).toBe(false);
    const again = await callApi(`/v1/runs/${id}/events`, { token: member.token });
    expect(again.status).toBe(404);
    await expectRunOn(id);
  });

  test("S13: when the user goes", async () => {
    const [{ id }, member] = [await startLongRun(victim), await join()];
    const { events } = await follow(`/v1/runs/${id}/events`, member.token, () =>
      query("delete from auth.users where id = $1", [member.id]),
    );
    expect(events.some(isEnding)).toBe(false);
    await expectRunOn(id);
  });
});

test("S17: a stream tells its own reader's run alone, however many are open", async () => {
  const [theirs, mine] = [
    await startLongRun(victim),
    await submitRun(attacker.user.token, { payload: { primaryGoal: "Mine" } }),
  ];
  const { events } = await follow(`/v1/runs/${mine.id}/events`, attacker.user.token);
  expect(events.at(-1)?.type).toBe("completed");
  expect(JSON.stringify(events)).not.toContain(victim.word);
  expect(JSON.stringify(events)).not.toContain(theirs.id);
  await expectRunOn(theirs.id);
});

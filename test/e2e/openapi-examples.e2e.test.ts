/** Every example of `/openapi.json` is pasted, as its reader does, and what comes back is what it says. */
import { runSchema } from "@cmo/shared/contract";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, inject, test } from "vitest";
import { z } from "zod";
import { receiveEvents } from "../support/events.ts";
import { eventually } from "../support/eventually.ts";
import { openHttp } from "../support/http.ts";
import { placeRow } from "../support/query.ts";
import { createTenant, type TestUser } from "../support/tenant.ts";

const mediaSchema = z.object({
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});
const operationSchema = z.object({
  operationId: z.string(),
  requestBody: z.object({ content: z.record(z.string(), mediaSchema) }).optional(),
});
const apiUrl = inject("stack").apiUrls[0] ?? "";
const document = z
  .looseObject({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) })
  .parse(await (await fetch(`${apiUrl}/openapi.json`)).json());

const takers = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).flatMap(({ operationId, requestBody }) =>
    requestBody ? [{ path, operationId, content: requestBody.content }] : [],
  ),
);
const examples = takers.flatMap(({ path, operationId, content }) =>
  Object.values(content).flatMap(({ example, examples: named }) =>
    [example, ...Object.values(named).map(({ value }) => value)]
      .filter((json) => json !== undefined)
      .map((json) => ({ path, operationId, json })),
  ),
);

async function createUserWithBrand(): Promise<TestUser> {
  const { user, workspaceId, tenantId } = await createTenant();
  await placeRow("cmo_brand_profiles", {
    workspace_id: workspaceId,
    tenant_id: tenantId,
    created_by: user.id,
    brand_name: "Kade Coffee",
  });
  return user;
}

test("every operation that takes a body has an example, a run has one for each mode", () => {
  expect(new Set(examples.map(({ operationId }) => operationId))).toEqual(
    new Set(takers.map(({ operationId }) => operationId)),
  );
  expect(examples.filter(({ operationId }) => operationId === "submitRun")).toHaveLength(6);
});

test("every example is accepted as it stands, and what is streamed does not fail", async () => {
  const user = await createUserWithBrand();
  // Another workspace would make the others ask which one is meant.
  const paste = async ({ path, operationId, json }: (typeof examples)[number]) => {
    const response = await openHttp(`${apiUrl}${path}`, { token: user.token, json });
    const text = await response.text();
    return { operationId, status: response.status, failed: /"error":/.test(text) ? text : "" };
  };
  const [last, first] = [true, false].map((wanted) =>
    examples.filter(({ operationId }) => (operationId === "createWorkspace") === wanted),
  );
  const answers = await Promise.all((first ?? []).map(paste));
  answers.push(...(await Promise.all((last ?? []).map(paste))));
  for (const { operationId, status, failed } of answers) {
    expect(status, `${operationId} ${failed}`).toBeLessThan(300);
    expect(failed, operationId).toBe("");
  }
}, 60_000);

const ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false });
ajv.addSchema(document, "openapi");

/** What does not fit the component of this name; null when all does. */
function misfitOf(name: string, value: unknown): string | null {
  const fits = ajv.validate({ $ref: `openapi#/components/schemas/${name}` }, value);
  return fits ? null : ajv.errorsText().slice(0, 1000);
}

test("a run of each mode, and the data of each of its events, are as the document says", async () => {
  const user = await createUserWithBrand();
  const call = async (path: string, json?: unknown) =>
    openHttp(`${apiUrl}${path}`, { token: user.token, json });
  const runs = examples.filter(({ operationId }) => operationId === "submitRun");
  await Promise.all(
    runs.map(async ({ path, json }) => {
      const { id, mode } = runSchema.parse(await (await call(path, json)).json());
      const run = await eventually(
        async (): Promise<unknown> => (await call(`/v1/runs/${id}?wait=10`)).json(),
        (read) => runSchema.parse(read).status !== "running",
        40_000,
      );
      expect(run, mode).toMatchObject({ status: "completed" });
      expect(misfitOf("Run", run), mode).toBeNull();
      for await (const { type, data } of receiveEvents(await call(`/v1/runs/${id}/events`))) {
        expect(misfitOf("RunStreamEvent", data), `${mode} ${type}`).toBeNull();
      }
    }),
  );
  expect(misfitOf("Run", { mode: "strategy" })).not.toBeNull();
}, 60_000);

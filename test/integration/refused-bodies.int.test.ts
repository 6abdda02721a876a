/** Bodies that are refused before anything is read from them, by each kind of route that takes one. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { knockAtApi } from "../support/doors.ts";
import type { HttpCall } from "../support/http.ts";
import { countRuns } from "../support/query.ts";
import { createTenant } from "../support/tenant.ts";

const { url } = await startApi();
const { user, workspaceId } = await createTenant();
const ROUTES = ["/v1/runs", "/functions/v1/cmo-kernel", "/functions/v1/cmo-plan-90day"];
/** An answer that grew with its request would be a weapon. */
const SHORT = 16_384;

type Body = NonNullable<HttpCall["body"]>;

async function expectRefused(
  body: Body,
  answer: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const call = { token: user.token, body, headers: { prefer: "respond-async", ...headers } };
  const before = await countRuns(workspaceId);
  for (const route of ROUTES) {
    const refusal = await knockAtApi(url + route, call);
    expect(refusal.answer, route).toBe(answer);
    expect(JSON.stringify(refusal.words).length).toBeLessThan(SHORT);
  }
  expect(await countRuns(workspaceId)).toBe(before);
}

const bytes = (...values: number[]) => new Uint8Array(values);
/** A submit whose payload holds this. */
const holding = (member: string) => `{"mode":"strategy","payload":{${member}}}`;

describe("S37: a body is JSON in UTF-8, and nothing that only resembles it", () => {
  test.each<[string, Body]>([
    ["invalid UTF-8", bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d)],
    ["an overlong slash", bytes(0x22, 0xc0, 0xaf, 0x22)],
    ["UTF-16", new Uint8Array(Buffer.from('{"mode":"strategy"}', "utf16le"))],
    ["a byte order mark", "\uFEFF{}"],
    ["NaN", holding('"budget":NaN')],
    ["a comment", '{"mode":"strategy" /* x */}'],
    ["a trailing comma", '{"mode":"strategy",}'],
    ["half of it", '{"mode":"strat'],
    ["two values", '{"mode":"strategy"}{"mode":"strategy"}'],
  ])("S37: %s", (_, body) => expectRefused(body, "400 malformed_json"));

  test.each([
    ["an endless number", holding('"budget":1e999')],
    ["NUL", holding('"primaryGoal":"a\\u0000b"')],
    ["half a surrogate pair", holding('"primaryGoal":"a\\ud83d"')],
    ["a list", "[]"],
    ["a text", '"strategy"'],
    ["null", "null"],
    ["nothing", ""],
  ])("S37: %s", (_, body) => expectRefused(body, "400 invalid_request"));

  test("S37: of two members of one name the last counts", () => {
    const [mine, other] = [workspaceId, crypto.randomUUID()];
    const body = `{"mode":"strategy","workspace_id":"${mine}","workspace_id":"${other}"}`;
    return expectRefused(body, "403 workspace_forbidden");
  });
});

describe("S34: keys that poison prototypes are refused wherever they stand", () => {
  test.each([
    '{"__proto__": {"isAdmin": true}, "mode": "strategy"}',
    '{"a": {"constructor": {"prototype": {}}}}',
    holding('"__proto__": {"isAdmin": true}'),
    holding('"targetMetrics": {"a": {"__proto__": 1}}'),
    holding('"constructor": {"prototype": {"isAdmin": true}}'),
    holding('"\\u005f_proto__": {"isAdmin": true}'),
    '{"mode": "strategy", "payload": [{"constructor": {"prototype": {}}}]}',
  ])("S34: %s", (body) => expectRefused(body, "400 invalid_request"));
});

describe("S35: size is bounded before work is done (leak 18)", () => {
  test("S35: 256 KiB are read, one byte more is not", async () => {
    const fits = `{"workspace_id":"${crypto.randomUUID()}","mode":"strategy"}`.padEnd(256 * 1024);
    await expectRefused(fits, "403 workspace_forbidden");
    await expectRefused(`${fits} `, "413 body_too_large");
  });

  const lists = "[".repeat(10_000) + "]".repeat(10_000);
  const objects = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
  test.each([
    ["lists in lists", lists],
    ["objects in objects", objects],
    ["levels that never close", "[".repeat(100_000)],
  ])("S35: %s", async (_, nested) => {
    await expectRefused(nested, "400 invalid_request");
    await expectRefused(holding(`"constraints":${nested}`), "400 invalid_request");
  });

  test("S35: tens of thousands of members", async () => {
    const members = Array.from({ length: 20_000 }, (_, at) => `"${at}":1`).join();
    const native = ROUTES.slice(0, 1);
    for (const body of [`{${members}}`, holding(members)]) {
      for (const route of native) {
        const refusal = await knockAtApi(url + route, { token: user.token, body });
        expect(refusal.answer).toBe("400 invalid_request");
        expect(JSON.stringify(refusal.words).length).toBeLessThan(SHORT);
      }
    }
    await expectRefused(`{${'"a":1,'.repeat(1_000_000)}"b":1}`, "413 body_too_large");
  });
});

describe("S39: compressed bodies are refused before anything is inflated", () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000)));
  test.each(["gzip", "deflate", "br", "gzip, gzip", "GZIP", "identity, gzip"])(
    "S39: %s",
    async (encoding) => {
      expect(bomb.length).toBeLessThan(20_000);
      await expectRefused(bomb, "415 unsupported_media_type", { "content-encoding": encoding });
    },
  );
});

test.each([
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/xml",
  "text/html",
  "application/jsonp",
  "application/json, text/html",
  "x",
])("a body of the type %s is refused", (type) =>
  expectRefused(holding(""), "415 unsupported_media_type", { "content-type": type }),
);

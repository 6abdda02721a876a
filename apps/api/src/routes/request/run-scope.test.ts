import { describe, expect, test } from "vitest";
import { findScope } from "./run-scope.ts";

const A = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const B = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
const C = "cccccccc-cccc-4ccc-8ccc-cccccccccccc";

const scopeOf = (sources: Record<string, unknown>[], header?: string) =>
  findScope({ headers: header === undefined ? {} : { "x-workspace-id": header } }, sources);

describe("the scope of a request", () => {
  test.each([
    ["nothing", [{}], undefined, undefined],
    ["the body's camelCase name", [{ workspaceId: A }], B, A],
    ["the body's snake_case name", [{ workspace_id: A }], B, A],
    ["the body before the payload", [{ workspace_id: A }, { workspaceId: B }], C, A],
    ["the payload where the body's is empty", [{ workspace_id: "" }, { workspace_id: B }], C, B],
    ["the header last", [{ workspaceId: null }, {}], C, C],
    ["nothing where the header is empty", [{}], "", undefined],
  ])("%s", (_name, sources, header, workspaceId) => {
    expect(scopeOf(sources, header).workspaceId).toBe(workspaceId);
  });

  test("an invalid workspace id is refused with the name of its member", () => {
    for (const value of ["mine", 5, [A], {}]) {
      expect(() => scopeOf([{ workspaceId: value }])).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ path: "workspaceId" })] }),
      );
    }
  });

  test("a tenant claim is passed on when it is an id, and refused otherwise", () => {
    expect(scopeOf([{}, { tenant_id: A }]).tenantClaim).toBe(A);
    expect(scopeOf([{ tenant_id: "" }]).tenantClaim).toBeUndefined();
    expect(() => scopeOf([{ tenant_id: "health-check" }])).toThrow(
      expect.objectContaining({ code: "tenant_mismatch" }),
    );
  });

  test("a name on the prototype is not a member", () => {
    expect(scopeOf([Object.create({ workspaceId: A })]).workspaceId).toBeUndefined();
  });
});

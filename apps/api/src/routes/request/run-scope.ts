/** The scope of a request: the workspace that it specifies, and the tenant that it claims. */
import { expectedError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { invalidRequest } from "../../http/errors.ts";

export interface RunScope {
  /** When undefined, the ledger uses the caller's only workspace or default workspace. */
  readonly workspaceId: string | undefined;
  /** Verified by the ledger, never trusted. */
  readonly tenantClaim: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

export const SCOPE_MEMBERS = ["workspaceId", "workspace_id", "tenantId", "tenant_id"] as const;

/** Uses the first id that is present, in the order of `sources`, then the header. */
export function findScope(
  request: Pick<FastifyRequest, "headers">,
  sources: readonly Members[],
): RunScope {
  const header = { "x-workspace-id": request.headers["x-workspace-id"] };
  const workspaceId = firstText(sources, ["workspaceId", "workspace_id"]);
  return {
    workspaceId: checkId(workspaceId ?? firstText([header], ["x-workspace-id"])),
    tenantClaim: checkClaim(firstText(sources, ["tenant_id", "tenantId"])?.text),
  };
}

interface FoundText {
  readonly name: string;
  readonly text: string;
}

/** Clients send an empty string for an unknown id; it counts as absent. */
function firstText(sources: readonly Members[], names: readonly string[]): FoundText | undefined {
  for (const source of sources) {
    for (const name of names) {
      const value = Object.hasOwn(source, name) ? source[name] : undefined;
      if (value === undefined || value === null || value === "") continue;
      if (typeof value !== "string") {
        throw invalidRequest([{ path: name, message: "Must be a string" }]);
      }
      return { name, text: value };
    }
  }
  return undefined;
}

function checkId(found: FoundText | undefined): string | undefined {
  if (!found) return undefined;
  if (z.guid().safeParse(found.text).success) return found.text;
  throw invalidRequest([{ path: found.name, message: "Must be the id of a workspace" }]);
}

/** A claim that is not an id cannot be the tenant of the workspace. */
function checkClaim(claim: string | undefined): string | undefined {
  if (claim === undefined || z.guid().safeParse(claim).success) return claim;
  throw expectedError("tenant_mismatch");
}

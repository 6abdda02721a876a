/** The workspaces of a user, as the native routes show them. */
import { z } from "zod";

const ROLES = ["owner", "admin", "member", "viewer"] as const;

/** The body of `POST /v1/workspaces`. The database knows which time zones exist. */
export const newWorkspaceSchema = z
  .strictObject({
    name: z.string(),
    time_zone: z.string().optional().describe("IANA name, such as Europe/Berlin. Default: UTC."),
    currency: z.string().optional().describe("ISO 4217 code. Default: USD."),
    language: z
      .string()
      .optional()
      .describe("BCP 47 tag of the language that the agents write in. Default: en."),
    tenant_id: z
      .guid()
      .optional()
      .describe("A tenant of which you own a workspace. Default: a new one."),
  })
  .meta({
    id: "NewWorkspace",
    examples: [{ name: "Kade Coffee", time_zone: "Europe/Amsterdam", currency: "EUR" }],
  });

export const workspaceSchema = z
  .object({
    id: z.guid(),
    tenant_id: z.guid(),
    name: z.string(),
    role: z.enum(ROLES).describe("Yours. Viewers may read, and do nothing else."),
    is_default: z.boolean(),
    time_zone: z.string(),
    currency: z.string(),
    language: z.string(),
    created_at: z.string(),
  })
  .meta({ id: "Workspace" });

export const workspaceListSchema = z
  .object({
    workspaces: z.array(workspaceSchema),
    invitations: z
      .array(
        z.object({
          workspace_id: z.guid(),
          name: z.string(),
          role: z.enum(ROLES),
          created_at: z.string(),
        }),
      )
      .describe("Accept one with the database function `accept_invitation`."),
  })
  .meta({ id: "WorkspaceList" });

export type NewWorkspace = z.infer<typeof newWorkspaceSchema>;
export type Workspace = z.infer<typeof workspaceSchema>;
export type WorkspaceList = z.infer<typeof workspaceListSchema>;

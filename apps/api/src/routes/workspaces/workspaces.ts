/** Creates and lists workspaces. Members are managed with functions of the database. */
import { newWorkspaceSchema, workspaceListSchema, workspaceSchema } from "@cmo/shared/contract";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { noQuery, problemResponses } from "../response/openapi.ts";

export function registerWorkspaces(app: App): void {
  app.post(
    "/v1/workspaces",
    {
      schema: {
        tags: ["Workspaces"],
        operationId: "createWorkspace",
        summary: "Create a workspace",
        description:
          "You become its owner. A new tenant is created with it, unless you name one of yours.",
        body: newWorkspaceSchema,
        response: { 201: workspaceSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const workspace = await callerOf(request).workspaces.create(request.body);
      return reply.code(201).send(workspace);
    },
  );

  app.get(
    "/v1/workspaces",
    {
      schema: {
        tags: ["Workspaces"],
        operationId: "listWorkspaces",
        summary: "List workspaces",
        description: "Returns your workspaces with your role, and invitations that wait for you.",
        querystring: noQuery,
        response: { 200: workspaceListSchema, ...problemResponses },
      },
    },
    async (request) => callerOf(request).workspaces.list(),
  );
}

/** `POST /v1/runs/:id/ticket`: lets a client without headers open the stream of a run. */
import { TICKET_SECONDS } from "@cmo/shared/stream";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { noBody, noQuery, problemResponses } from "../response/openapi.ts";
import { findRun, runParams } from "./find-run.ts";

const ticketSchema = z
  .object({
    ticket: z.string(),
    url: z.string().describe("The path of the stream with the ticket in it."),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "StreamTicket" });

export function registerRunTicket(app: App, deps: Pick<ReadDeps, "clock">): void {
  app.post(
    "/v1/runs/:id/ticket",
    {
      schema: {
        tags: ["Runs"],
        operationId: "createStreamTicket",
        summary: "Issue a ticket for a stream",
        description:
          "For clients that cannot send a header, such as `EventSource`: opens `/v1/runs/{id}/events?ticket=…` once, within a minute.",
        params: runParams,
        querystring: noQuery,
        body: noBody,
        response: { 200: ticketSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { id } = await findRun(request, request.params.id);
      const ticket = await callerOf(request).issueTicket(id);
      const expiresAt = new Date(deps.clock.now() + TICKET_SECONDS * 1000).toISOString();
      const url = `/v1/runs/${id}/events?ticket=${ticket}`;
      return reply.header("x-run-id", id).send({ ticket, url, expires_at: expiresAt });
    },
  );
}

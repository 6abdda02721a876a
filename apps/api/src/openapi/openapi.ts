/** The OpenAPI document, generated from the schemas of the routes; its pages, and `llms.txt`. */
import { readFileSync } from "node:fs";
import swagger from "@fastify/swagger";
import reference from "@scalar/fastify-api-reference";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import type { App } from "../http/app-instance.ts";
import { completeDocument } from "./complete-document.ts";

interface SentHeader {
  readonly type: "string";
  readonly description: string;
  readonly enum?: readonly string[];
  readonly examples?: readonly string[];
}

declare module "fastify" {
  interface FastifySchema {
    /** Headers that the route reads itself. The document has them; they are not validated as a schema. */
    readonly sentHeaders?: Readonly<Record<string, SentHeader>>;
  }
}

/** In the order of the pages. */
const TAGS = [
  { name: "Runs", description: "Submit a run of an agent, follow it, read its result." },
  { name: "Pipelines", description: "Runs that build on one another, one after the other." },
  { name: "Agents", description: "The agents with their schemas and typical costs." },
  { name: "Workspaces", description: "Where runs happen and what they save belongs." },
  { name: "Metrics", description: "What has been measured, for the analyst." },
  { name: "Usage", description: "What runs have used and cost." },
  { name: "Chat", description: "The same agents for the AI SDK's `useChat`." },
  { name: "OpenAI", description: "The same agents for clients of OpenAI's API." },
  { name: "Functions", description: "The same agents for clients of the functions replaced." },
  { name: "Health", description: "For orchestrators." },
];

/** Must be registered before the routes that it documents. */
export function registerOpenapi(app: App): void {
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "CMO Kernel",
        version: packageJson.version,
        description:
          "Runs six marketing agents. Submit a run, follow its stream, and read its result.",
        license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
      },
      // Each installation has its own address, and a Host header is nobody's.
      servers: [{ url: "/", description: "The server that this document is from." }],
      tags: TAGS,
      components: {
        securitySchemes: {
          user: {
            type: "http",
            scheme: "bearer",
            description: "The access token of a signed-in user.",
          },
        },
      },
      security: [{ user: [] }],
    },
    transform,
    transformObject: jsonSchemaTransformObject,
  });
}

const transform: typeof jsonSchemaTransform = (route) => {
  const { schema, url } = jsonSchemaTransform(route);
  if (!schema) return { schema, url };
  const { sentHeaders, body, ...rest } = schema;
  return {
    url,
    schema: {
      ...rest,
      ...(sentHeaders ? { headers: { type: "object", properties: sentHeaders } } : {}),
      ...(body === undefined || mayBeAbsent(route.schema?.body) ? {} : { body }),
    },
  };
};

/** Such a body is empty. Clients would have to send one if it were described. */
function mayBeAbsent(body: unknown): boolean {
  return body instanceof z.ZodType && body.safeParse(undefined).success;
}

/**
 * The script of the documentation pages supports a proxy and an assistant of its vendor. This
 * policy lets the browser connect to this server only.
 */
const PAGES_POLICY = [
  "connect-src 'self'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join("; ");

/** The pages are served from this process and load nothing from other servers. */
export function registerDocs(app: App): void {
  let document: object | null = null;
  app.get("/openapi.json", { schema: { hide: true } }, async () => {
    document ??= completeDocument(app.swagger());
    return document;
  });
  const llms = readFileSync(new URL("./llms.txt", import.meta.url), "utf8");
  app.get("/llms.txt", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("text/plain; charset=utf-8").send(llms),
  );
  app.register((pages: App, _options, done) => {
    pages.addHook("onRequest", async (_request, reply) => {
      reply.header("content-security-policy", PAGES_POLICY);
    });
    pages.register(reference, {
      routePrefix: "/docs",
      configuration: {
        url: "/openapi.json",
        pageTitle: "CMO Kernel API",
        telemetry: false,
        withDefaultFonts: false,
      },
    });
    done();
  });
}

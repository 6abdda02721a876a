/** The OpenAPI document, generated from the schemas of the routes, and its documentation pages. */
import swagger from "@fastify/swagger";
import reference from "@scalar/fastify-api-reference";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import packageJson from "../../package.json" with { type: "json" };
import type { App } from "./app-instance.ts";

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
      },
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
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
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
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
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

/** The description of the API, made from the routes' own schemas, and its pages. */
import swagger from "@fastify/swagger";
import reference from "@scalar/fastify-api-reference";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import packageJson from "../../package.json" with { type: "json" };
import type { App } from "./app-instance.ts";

/** Registered before the routes, which it collects. */
export function registerOpenapi(app: App): void {
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "CMO Kernel",
        version: packageJson.version,
        description:
          "Six marketing agents behind one queue. Submit a run, follow its stream, read its result.",
      },
      components: {
        securitySchemes: {
          user: { type: "http", scheme: "bearer", description: "A signed-in user's access token." },
        },
      },
      security: [{ user: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

/**
 * The pages' script knows a proxy and an assistant of its vendor: the browser is told to connect
 * nowhere but here, whatever the script has in mind.
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

/** Served from here, so that reading it sends nothing elsewhere. */
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

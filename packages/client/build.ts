/** Builds the package: one file for browsers and Node, with its types. */
import { fileURLToPath } from "node:url";
import { build } from "tsdown";

await build({
  cwd: fileURLToPath(new URL(".", import.meta.url)),
  config: false,
  entry: ["src/index.ts"],
  platform: "neutral",
  target: "es2022",
  dts: { generator: "oxc" },
  minify: true,
  fixedExtension: false,
  logLevel: "warn",
});

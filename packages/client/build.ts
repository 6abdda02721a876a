/** Builds the package: one file for browsers and Node, one for React on top of it, and their types. */
import { fileURLToPath } from "node:url";
import { build, type InlineConfig } from "tsdown";

const SHARED: InlineConfig = {
  cwd: fileURLToPath(new URL(".", import.meta.url)),
  config: false,
  platform: "neutral",
  target: "es2022",
  dts: { generator: "oxc" },
  minify: true,
  fixedExtension: false,
  logLevel: "warn",
};

await build({ ...SHARED, entry: ["src/index.ts"] });
await build({
  ...SHARED,
  entry: ["src/react.ts"],
  clean: false,
  plugins: [
    {
      name: "import-the-client",
      // Built together, both would import a third file, and neither could be read alone.
      resolveId: (id) => (id === "../index.ts" ? { id: "./index.js", external: true } : null),
    },
  ],
});

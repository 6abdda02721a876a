// Plain JavaScript, because an old Node cannot parse the TypeScript sources and would not reach a
// helpful message there.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `CMO Kernel needs Node 24.12 or newer; this is ${process.version}. On Linux, \`npm ci\` installs it: ` +
      "run the commands through npm, and do not install with --omit=optional. On other systems, install Node 24 from nodejs.org.",
  );
  process.exit(1);
}

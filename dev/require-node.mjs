// Plain JavaScript on purpose: an old Node cannot even parse the TypeScript sources, so the
// sentence that helps has to come from a file that it can read.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `CMO Kernel needs Node 24.12 or newer; this is ${process.version}. On Linux \`npm ci\` brings one along ` +
      "(run the commands through npm, without --omit=optional); elsewhere install Node 24 from nodejs.org.",
  );
  process.exit(1);
}

// Imported before all else by the tools that need the pinned Node: says so in place of an odd error.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `this needs the Node 24 that \`npm install\` brings, and runs on ${process.version}: start it by \`npm run\``,
  );
  process.exit(1);
}

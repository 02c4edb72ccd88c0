import fs from 'node:fs';

/**
 * What a script's first comment says of it.
 * @param {string} file
 * @returns {string}
 */
export function usageOf(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join('\n');
}

/**
 * Tells what a script does and ends it, if that is what was asked.
 * @param {string} file
 */
export function tellIfAsked(file) {
  if (!process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) return;
  console.log(usageOf(file));
  process.exit();
}

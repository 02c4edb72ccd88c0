/** A group of bars: one piece of work, a bar for each program. */
export interface PlotGroup {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly ratio: number; readonly label: string }[];
}

const barHeight = 13;
const groupGap = 16;
const left = 260;
const width = 900;
const top = 56;
const labelRoom = 150;
const palette = ['#2f6fde', '#8a8f98', '#c9822b', '#4f9d69', '#7c5cbf'];

/** A picture of how long each took beside the one whose ratio is 1, on a scale on which ten times is everywhere the same length. */
export function plotOf(title: string, groups: readonly PlotGroup[]): string {
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
  const ratios = groups.flatMap(({ bars }) => bars.map(({ ratio }) => ratio));
  const least = 10 ** Math.floor(Math.log10(Math.min(0.5, ...ratios)));
  const most = 10 ** Math.ceil(Math.log10(Math.max(2, ...ratios)));
  const decades = Math.log10(most / least);
  const x = (ratio: number): number =>
    left + ((width - left - labelRoom) * Math.log10(Math.max(ratio, least) / least)) / decades;
  const parts: string[] = [];
  let y = top;
  for (const group of groups) {
    parts.push(text(left - 10, y + (group.bars.length * barHeight) / 2 + 4, group.title, 'end'));
    for (const { name, ratio, label } of group.bars) {
      const fill = palette[names.indexOf(name) % palette.length] ?? '#000';
      parts.push(
        `<rect x="${left}" y="${y}" width="${Math.max(1, x(ratio) - left).toFixed(1)}" height="${barHeight - 2}" fill="${fill}"/>`,
        text(x(ratio) + 4, y + 9, label, 'start', 9),
      );
      y += barHeight;
    }
    y += groupGap;
  }
  const lines: string[] = [];
  for (let power = 0; power <= decades; power += 1) {
    const ratio = least * 10 ** power;
    const dash = ratio === 1 ? '' : ' stroke-dasharray="2 4"';
    lines.push(
      `<line x1="${x(ratio).toFixed(1)}" x2="${x(ratio).toFixed(1)}" y1="${top - 8}" y2="${y - groupGap + 4}" stroke="#8a8f98"${dash}/>`,
      text(x(ratio), y + 4, `${Number(ratio.toPrecision(1))} ×`, 'middle', 10),
    );
  }
  let at = left;
  const legend = names.map((name, place) => {
    const part = `<rect x="${at}" y="26" width="10" height="10" fill="${palette[place % palette.length]}"/>${text(at + 14, 35, name)}`;
    at += 30 + name.length * 6.2;
    return part;
  });
  const height = y + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(10, 18, title, 'start', 13),
    ...legend,
    ...lines,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, content: string, anchor = 'start', size = 11): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" text-anchor="${anchor}" fill="#24292f">${safe}</text>`;
}

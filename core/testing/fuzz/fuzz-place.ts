import fs from 'node:fs';

/** What {@link inputUnderWay} says before there is any. */
export const noInput = -1;

const placeBytes = 8;

/** Writes the number of the input under way to a file, where it outlives the process that tries it. */
export function createPlace(file: string): (number: number) => void {
  const descriptor = fs.openSync(file, 'w');
  const bytes = Buffer.alloc(placeBytes);
  return (number) => {
    bytes.writeDoubleBE(number);
    fs.writeSync(descriptor, bytes, 0, placeBytes, 0);
  };
}

/** The number of the input under way, by that file. */
export function inputUnderWay(file: string): number {
  if (!fs.existsSync(file)) return noInput;
  const bytes = fs.readFileSync(file);
  return bytes.length < placeBytes ? noInput : bytes.readDoubleBE(0);
}

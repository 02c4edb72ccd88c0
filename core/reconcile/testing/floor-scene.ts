import type { Content } from '../../model/entry.ts';
import { FloorWorld, type FloorWay } from './floor-world.ts';
import { at, hashOf } from './members.ts';
import type { Device } from './world.ts';

/**
 * The copy that was come upon: two devices begin with the same file, one deletes it, and the other, whose own entry is on its way, says that
 * its disk shows the deletion. Returns what stands at the path when all has come to rest, which should be nothing.
 */
export function copyComeUpon(way: FloorWay): Content | undefined {
  return new Scene(way).play();
}

class Scene extends FloorWorld {
  constructor(way: FloorWay) {
    super(() => 0, 2, way);
  }

  play(): Content | undefined {
    const [one, other] = this.devices as [Device, Device];
    const path = at('p');
    for (const device of this.devices) {
      this.lay(device, path, { kind: 'file', content: hashOf('X'), sizeBytes: 1 });
      this.firstLook(device);
    }
    other.disk.delete(path);
    this.scan(other);
    this.takeOver(one, other);
    this.materialise(one);
    this.scan(one);
    for (const device of this.devices) this.state(device);
    this.hear(other, one);
    this.raise(other);
    this.settle();
    return this.viewAt(one, path).content;
  }
}

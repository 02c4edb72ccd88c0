import type { DeviceListing, Picture } from '../../app/ipc/contract.ts';
import type { WayIn } from '../components/ways-in.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { JoinDialog } from './join-dialog.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { NearbyDialog } from './nearby-dialog.tsx';

/** The dialog of one way to bring devices together. */
export function WayDialog(props: {
  readonly way: WayIn;
  readonly self: DeviceListing;
  readonly picture: Picture;
  /** Goes on to another way. */
  readonly onChoose: (way: WayIn) => void;
  readonly onClose: () => void;
}) {
  const { way, self, picture, onChoose, onClose } = props;
  switch (way) {
    case 'nearby':
      return (
        <NearbyDialog
          self={self}
          otherWay={picture.group.group === null ? 'join' : 'invite'}
          onChoose={onChoose}
          onClose={onClose}
        />
      );
    case 'invite':
      return <InviteDialog picture={picture} onClose={onClose} />;
    case 'join':
      return <JoinDialog self={self} onClose={onClose} />;
    case 'key':
      return <KeyDialog self={self} picture={picture} onClose={onClose} />;
  }
}

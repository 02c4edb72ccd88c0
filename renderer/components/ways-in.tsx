import { ChevronDown, KeyRound, LogIn, Radar, UserRoundPlus } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { Words } from '../text/words.ts';
import { useWords } from './words-context.ts';

/** The ways to bring devices together. */
export type WayIn = 'nearby' | 'invite' | 'join' | 'key';

/** What the button of each says. */
export const wayLabels = {
  nearby: 'pairNearby',
  invite: 'invite',
  join: 'join',
  key: 'pairByKey',
} as const satisfies Readonly<Record<WayIn, keyof Words>>;
const icons = { nearby: Radar, invite: UserRoundPlus, join: LogIn, key: KeyRound } as const;

/** All of them as buttons, the first the one to take. */
export function WaysIn({ onChoose }: { readonly onChoose: (way: WayIn) => void }) {
  return <WayButtons ways={['nearby', 'invite', 'join', 'key']} onChoose={onChoose} />;
}

/** Those by which this device comes to others. */
export function WaysToJoin({ onChoose }: { readonly onChoose: (way: WayIn) => void }) {
  return <WayButtons ways={['nearby', 'join', 'key']} onChoose={onChoose} />;
}

function WayButtons(props: { readonly ways: readonly WayIn[]; readonly onChoose: (way: WayIn) => void }) {
  const t = useWords();
  const { ways, onChoose } = props;
  return ways.map((way, index) => {
    const Icon = icons[way];
    return (
      <Button
        key={way}
        className="button"
        data-kind={index === 0 ? 'primary' : undefined}
        onPress={() => onChoose(way)}
      >
        <Icon size={16} aria-hidden="true" />
        {t[wayLabels[way]]}
      </Button>
    );
  });
}

/** Those there are for a device that has others already, in a menu. */
export function AddDeviceMenu({ onChoose }: { readonly onChoose: (way: WayIn) => void }) {
  const t = useWords();
  return (
    <MenuTrigger>
      <Button className="button" data-kind="primary">
        <UserRoundPlus size={16} aria-hidden="true" />
        {t.addDevice}
        <ChevronDown size={15} aria-hidden="true" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(way) => onChoose(way as WayIn)}>
          {(['nearby', 'invite', 'key'] as const).map((way) => (
            <MenuItem key={way} id={way} className="menu-item">
              {t[wayLabels[way]]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

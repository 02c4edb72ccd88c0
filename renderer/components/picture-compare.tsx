import { type CSSProperties, type SyntheticEvent, useState } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { useWords } from './words-context.ts';

/** A picture with the letter of its version. */
export interface LetteredPicture {
  readonly letter: string;
  readonly source: string;
}

/** Two pictures beside each other, or one over the other with an edge that moves. */
export function PictureCompare(props: {
  readonly left: LetteredPicture;
  readonly right: LetteredPicture;
  readonly manner: 'beside' | 'swipe';
}) {
  const { left, right, manner } = props;
  if (manner === 'beside')
    return (
      <div className="pictures">
        <Picture picture={left} side="a" />
        <Picture picture={right} side="b" />
      </div>
    );
  return <Swipe left={left} right={right} />;
}

/** The stage is as wide as the pictures are, so that the edge moves over nothing else. */
function Swipe({ left, right }: { readonly left: LetteredPicture; readonly right: LetteredPicture }) {
  const t = useWords();
  const [share, setShare] = useState(50);
  const [ratios, setRatios] = useState<Readonly<Record<string, number>>>({});
  const measure =
    (letter: string) =>
    ({ currentTarget: { naturalWidth, naturalHeight } }: SyntheticEvent<HTMLImageElement>) =>
      setRatios((known) => ({ ...known, [letter]: naturalWidth / naturalHeight }));
  const ratio = Math.max(ratios[left.letter] ?? 0, ratios[right.letter] ?? 0) || 1;
  return (
    <div className="swipe">
      <div className="swipe-frame" style={{ '--ratio': ratio } as CSSProperties}>
        <div className="swipe-stage">
          <img src={right.source} alt={t.pictureOf(right.letter)} onLoad={measure(right.letter)} />
          <img
            className="swipe-over"
            src={left.source}
            alt={t.pictureOf(left.letter)}
            onLoad={measure(left.letter)}
            style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}
          />
          <span className="swipe-edge" style={{ left: `${share}%` }} aria-hidden="true" />
          <span className="letter swipe-left" data-side="a" aria-hidden="true">
            {left.letter}
          </span>
          <span className="letter swipe-right" data-side="b" aria-hidden="true">
            {right.letter}
          </span>
        </div>
        <Slider
          aria-label={t.swipeLabel(left.letter, right.letter)}
          value={share}
          onChange={(value) => setShare(Number(value))}
        >
          <SliderTrack className="slider-track">
            <SliderThumb className="slider-thumb" />
          </SliderTrack>
        </Slider>
      </div>
    </div>
  );
}

function Picture({ picture, side }: { readonly picture: LetteredPicture; readonly side: 'a' | 'b' }) {
  const t = useWords();
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>();
  return (
    <figure className="picture">
      <img
        src={picture.source}
        alt={t.pictureOf(picture.letter)}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
          setSize({ width, height })
        }
      />
      <figcaption>
        <span className="letter" data-side={side}>
          {picture.letter}
        </span>
        {size === undefined ? null : t.pixels(size.width, size.height)}
      </figcaption>
    </figure>
  );
}

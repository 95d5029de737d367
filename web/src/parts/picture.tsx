import { IconPhotoOff } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './picture.module.css';

type Size = 'small' | 'medium' | 'large';

/** Pictures of this service have sizes; an address of another site is used as it is. */
const addressOf = (imageUrl: string, size: Size): string =>
  /^\/v1\/images\/[^?]+$/.test(imageUrl) ? `${imageUrl}?size=${size}` : imageUrl;

interface PictureProps {
  readonly imageUrl: string | null;
  /** The name of what it shows; empty where the name stands beside it. */
  readonly name: string;
  readonly size: Size;
  /** Loads at once, for what is first seen. */
  readonly eager?: boolean;
}

/** A square picture of a product, or its place when there is none. */
export const Picture = ({ imageUrl, name, size, eager = false }: PictureProps) => {
  const [failed, setFailed] = useState<string>();
  if (imageUrl === null || failed === imageUrl) {
    return (
      <span className={classes.place}>
        <IconPhotoOff aria-hidden stroke={1.2} />
      </span>
    );
  }
  return (
    <img
      className={classes.picture}
      src={addressOf(imageUrl, size)}
      alt={name}
      width={480}
      height={480}
      loading={eager ? 'eager' : 'lazy'}
      fetchPriority={eager ? 'high' : 'auto'}
      decoding="async"
      onError={() => setFailed(imageUrl)}
    />
  );
};
